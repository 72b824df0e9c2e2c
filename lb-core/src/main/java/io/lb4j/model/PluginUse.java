package io.lb4j.model;

import io.lb4j.config.Draft;
import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.config.Shorthand;
import io.lb4j.http.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plugin in its place: for the balancer, a listener or a route. Of two with the same name the one of the narrower place is used, so that
 * a route can have its own, or none. Immutable.
 */
public final class PluginUse extends View {
    /** The kind of part that a plugin is, for {@link io.lb4j.config.PartFactory#kind()}. */
    public static final String PLUGIN_KIND = "plugin";

    /** What becomes of an exchange whose plugin fails. */
    public enum FailureMode {
        /** It goes on without the plugin. */
        FAIL_OPEN,
        /** It is answered with 500, 503 or 504. */
        FAIL_CLOSED
    }

    /** The name. */
    public static final Option<String> NAME = Option.of(
                    "name",
                    OptionTypes.name(),
                    "Name in statistics, logs and messages, and the second criterion of the order; plugin-1 and so on if there is none.")
            .build();

    /** The plugin. */
    public static final Option<Part> USE = Option.of(
                    "use", OptionTypes.part(PLUGIN_KIND), "Which plugin it is, with the settings of its kind.")
            .absentMeans("enabled is false: the plugin of this name is left out here")
            .build();

    /** Whether it takes part. */
    public static final Option<Boolean> ENABLED = Option.of("enabled", OptionTypes.bool(), "Whether it takes part.")
            .defaultsTo(true)
            .build();

    /** The priority. */
    public static final Option<Integer> PRIORITY = Option.of(
                    "priority",
                    OptionTypes.integer(-1_000_000, 1_000_000),
                    "Place in the chain: the higher comes first on the way in; equals stand in the order of their names.")
            .absentMeans("the plugin's own, which is 0 unless it says otherwise")
            .build();

    /** The paths. */
    public static final Option<List<PathGlob>> PATHS = Option.of(
                    "paths",
                    OptionTypes.list(ModelTypes.pathGlob()),
                    "Paths that it works on; * stands for anything within a segment, ** for anything. None named: all.")
            .defaultsTo(List.of())
            .build();

    /** The methods. */
    public static final Option<List<Method>> METHODS = Option.of(
                    "methods", OptionTypes.list(ModelTypes.method()), "Methods that it works on; none named: all.")
            .defaultsTo(List.of())
            .build();

    /** What the plugin is told. */
    public static final Option<Map<String, Object>> CONFIG = Option.of(
                    "config",
                    OptionTypes.tree(),
                    "What the plugin is told at its start; not shown, for it may hold secrets.")
            .defaultsTo(Map.of())
            .secret()
            .build();

    /** Whether it has to be there. */
    public static final Option<Boolean> REQUIRED = Option.of(
                    "required",
                    OptionTypes.bool(),
                    "Whether a configuration is refused whose plugin cannot be initialised; if not, exchanges go without it until the next configuration.")
            .defaultsTo(true)
            .build();

    /** The failure mode. */
    public static final Option<FailureMode> ON_FAILURE = Option.of(
                    "on_failure",
                    OptionTypes.oneOf(FailureMode.class),
                    "What becomes of an exchange when the plugin throws, is late or is out.")
            .defaultsTo(FailureMode.FAIL_CLOSED)
            .build();

    /** How long it may pause an exchange. */
    public static final Option<Duration> TIMEOUT = Option.of(
                    "timeout", ModelTypes.time(), "How long it may pause a request or a response each time.")
            .defaultsTo(Duration.ofSeconds(5))
            .build();

    /** How much it may gather. */
    public static final Option<Long> BUFFER_LIMIT = Option.of(
                    "buffer_limit",
                    OptionTypes.size(0, 1 << 30),
                    "Octets of a body that it may gather; more end the exchange with 413 or 502.")
            .defaultsTo(256L * 1024)
            .build();

    /** How many failures take it out. */
    public static final Option<Integer> MAX_FAILURES = Option.of(
                    "max_failures",
                    OptionTypes.integer(1, 1_000_000),
                    "Failures within failure_window after which new exchanges are kept from it.")
            .defaultsTo(20)
            .build();

    /** Over which time failures are counted. */
    public static final Option<Duration> FAILURE_WINDOW = Option.of(
                    "failure_window", ModelTypes.time(), "Time over which its failures are counted.")
            .defaultsTo(Duration.ofSeconds(10))
            .build();

    /** How long it stays out. */
    public static final Option<Duration> RETRY_AFTER = Option.of(
                    "retry_after", ModelTypes.time(), "How long it stays out before it is tried again.")
            .defaultsTo(Duration.ofSeconds(30))
            .build();

    /** How long it may hold an event loop. */
    public static final Option<Duration> BLOCK_LIMIT = Option.of(
                    "block_limit",
                    ModelTypes.time(),
                    "How long one call may hold an event loop before the plugin is named in the log with its stack and taken out.")
            .defaultsTo(Duration.ofMillis(500))
            .build();

    /** The options of a plugin. */
    public static final Section SECTION = Section.of("plugin", "Code that takes part in exchanges.")
            .namedBy(NAME)
            .options(USE, ENABLED, PRIORITY, PATHS, METHODS, CONFIG, REQUIRED, ON_FAILURE, TIMEOUT, BUFFER_LIMIT)
            .options(MAX_FAILURES, FAILURE_WINDOW, RETRY_AFTER, BLOCK_LIMIT)
            .shorthand(new Shorthand("the name of a plugin", PluginUse::fill))
            .rule(PluginUse::requireUse)
            .build();

    PluginUse(Settings settings) {
        super(settings);
    }

    static Option<List<Settings>> option(String doc) {
        return Option.of("plugins", OptionTypes.sections(SECTION), doc)
                .defaultsTo(List.of())
                .build();
    }

    static List<PluginUse> listOf(List<Settings> plugins) {
        return plugins.stream().map(PluginUse::new).toList();
    }

    private static void fill(Draft draft, String text, Origin origin) {
        draft.set(NAME, text, origin);
        draft.setText(USE, text, origin);
    }

    private static void requireUse(Settings settings, Scope scope) {
        boolean isKnown = !settings.isFaulty(USE) && !settings.isFaulty(ENABLED);
        if (isKnown && settings.find(USE).isEmpty() && settings.find(ENABLED).orElse(true)) {
            scope.at(USE.name())
                    .report(Fault.Code.MISSING, "missing", USE.type().expected(), Origin.byDefault());
        }
    }

    /** Returns the name. */
    public String name() {
        return settings().value(NAME);
    }

    /** Returns which plugin it is; empty only where it is not enabled. */
    public Optional<Part> use() {
        return settings().find(USE);
    }

    /** Returns whether it takes part; by default it does. */
    public boolean isEnabled() {
        return settings().value(ENABLED);
    }

    /** Returns the place in the chain; the plugin's own where there is none. */
    public Optional<Integer> priority() {
        return settings().find(PRIORITY);
    }

    /** Returns the paths that it works on; empty, which is the default, for all. */
    public List<PathGlob> paths() {
        return settings().value(PATHS);
    }

    /** Returns the methods that it works on; empty, which is the default, for all. */
    public List<Method> methods() {
        return settings().value(METHODS);
    }

    /** Returns what the plugin is told at its start: texts, {@link Long}, {@link Double}, booleans, lists and maps; immutable. */
    public Map<String, Object> config() {
        return settings().value(CONFIG);
    }

    /** Returns whether a configuration is refused whose plugin cannot be initialised; it is by default. */
    public boolean isRequired() {
        return settings().value(REQUIRED);
    }

    /** Returns what becomes of an exchange when the plugin fails; {@link FailureMode#FAIL_CLOSED} by default. */
    public FailureMode onFailure() {
        return settings().value(ON_FAILURE);
    }

    /** Returns how long it may pause a request or a response each time; 5 seconds by default. */
    public Duration timeout() {
        return settings().value(TIMEOUT);
    }

    /** Returns the octets of a body that it may gather; 256 KiB by default. */
    public long bufferLimit() {
        return settings().value(BUFFER_LIMIT);
    }

    /** Returns after how many failures within {@link #failureWindow} it is out; 20 by default. */
    public int maxFailures() {
        return settings().value(MAX_FAILURES);
    }

    /** Returns the time over which failures are counted; 10 seconds by default. */
    public Duration failureWindow() {
        return settings().value(FAILURE_WINDOW);
    }

    /** Returns how long it stays out before it is tried again; 30 seconds by default. */
    public Duration retryAfter() {
        return settings().value(RETRY_AFTER);
    }

    /** Returns how long one call may hold an event loop; half a second by default. */
    public Duration blockLimit() {
        return settings().value(BLOCK_LIMIT);
    }
}
