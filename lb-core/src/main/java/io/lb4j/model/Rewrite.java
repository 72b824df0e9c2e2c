package io.lb4j.model;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.util.Optional;

/** What is changed in a request's path and host before it is forwarded. The query stays as it is. Immutable. */
public final class Rewrite extends View {
    /** The path's beginning. */
    public static final Option<String> PREFIX = Option.of(
                    "prefix", ModelTypes.path(), "Path to put in place of the one before /** in the route's path.")
            .build();

    /** The path. */
    public static final Option<PathTemplate> PATH = Option.of(
                    "path", ModelTypes.pathTemplate(), "Path to put in place, with what the route's path has matched.")
            .build();

    /** The expression that finds what is replaced. */
    public static final Option<Regex> REGEX = Option.of(
                    "regex",
                    ModelTypes.regex(),
                    "Regular expression; each place in the path that it finds is replaced.")
            .build();

    /** What is put in its place. */
    public static final Option<String> REPLACEMENT = Option.of(
                    "replacement",
                    OptionTypes.text(String.class, "a text", text -> text, text -> text),
                    "What is put in place of what regex finds; $1 and ${name} stand for its groups.")
            .build();

    /** The host. */
    public static final Option<String> HOST = Option.of(
                    "host", ModelTypes.authority(), "Host to put in place of the request's.")
            .absentMeans("the host that the client named stays")
            .build();

    /** Whether the endpoint's address becomes the host. */
    public static final Option<Boolean> ENDPOINT_HOST = Option.of(
                    "endpoint_host",
                    OptionTypes.bool(),
                    "Whether the endpoint's own host takes the place of the request's.")
            .defaultsTo(false)
            .build();

    /** The options of a rewrite. */
    public static final Section SECTION = Section.of("rewrite", "What is changed before a request is forwarded.")
            .options(PREFIX, PATH, REGEX, REPLACEMENT, HOST, ENDPOINT_HOST)
            .atMostOneOf(PREFIX, PATH, REGEX)
            .rule(Rewrite::requireReplacement)
            .rule(Rewrite::requireOneHost)
            .build();

    Rewrite(Settings settings) {
        super(settings);
    }

    private static void requireReplacement(Settings settings, Scope scope) {
        Scope place = scope.at(REPLACEMENT.name());
        if (settings.isSet(REGEX) != settings.isSet(REPLACEMENT)) {
            boolean missing = settings.isSet(REGEX);
            Option<?> culprit = missing ? REGEX : REPLACEMENT;
            String seen = missing ? "missing" : "a replacement";
            Fault.Code code = missing ? Fault.Code.MISSING : Fault.Code.CONFLICT;
            place.report(code, seen, "regex and replacement together", settings.origin(culprit));
            return;
        }
        Optional<Regex> regex = settings.find(REGEX);
        Optional<String> replacement = settings.find(REPLACEMENT);
        if (regex.isPresent() && replacement.isPresent()) {
            regex.get()
                    .faultOf(replacement.get())
                    .ifPresent(expected -> place.report(
                            Fault.Code.INVALID,
                            "\"" + replacement.get() + "\"",
                            expected,
                            settings.origin(REPLACEMENT)));
        }
    }

    private static void requireOneHost(Settings settings, Scope scope) {
        if (settings.isSet(HOST) && settings.find(ENDPOINT_HOST).orElse(false)) {
            String expected = "false, because host is set";
            scope.at(ENDPOINT_HOST.name())
                    .report(Fault.Code.CONFLICT, "true", expected, settings.origin(ENDPOINT_HOST));
        }
    }

    /** Returns what stands in place of the path before {@code /**}. */
    public Optional<String> prefix() {
        return settings().find(PREFIX);
    }

    /** Returns the path to put in place. */
    public Optional<PathTemplate> path() {
        return settings().find(PATH);
    }

    /** Returns the expression that finds what is replaced. */
    public Optional<Regex> regex() {
        return settings().find(REGEX);
    }

    /** Returns what is put in place of what {@link #regex()} finds; there whenever that is. */
    public Optional<String> replacement() {
        return settings().find(REPLACEMENT);
    }

    /** Returns the host to put in place; by default the client's stays. */
    public Optional<String> host() {
        return settings().find(HOST);
    }

    /** Returns whether the endpoint's own host takes the place of the request's; by default it does not. */
    public boolean usesEndpointHost() {
        return settings().value(ENDPOINT_HOST);
    }
}
