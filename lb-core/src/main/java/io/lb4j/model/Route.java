package io.lb4j.model;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.http.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which requests go where. A request is served by one route: the conditions all have to be met, and of several routes that fit the most
 * specific one is chosen. Immutable.
 */
public final class Route extends View {
    private static final int MAX_WEIGHT = 1_000_000;

    /** What becomes of requests without an endpoint of their subset. */
    public enum SubsetFallback {
        /** Any other endpoint of the cluster serves them. */
        ANY,
        /** They are answered with 503. */
        NONE
    }

    /** The name. */
    public static final Option<String> NAME = Option.of(
                    "name",
                    OptionTypes.name(),
                    "Name in statistics, logs and messages; route-1 and so on if there is none.")
            .build();

    /** The hosts. */
    public static final Option<List<HostPattern>> HOSTS = Option.of(
                    "hosts", OptionTypes.list(ModelTypes.hostPattern()), "Hosts that it serves; none named: all.")
            .defaultsTo(List.of())
            .build();

    /** The path. */
    public static final Option<PathPattern> PATH = Option.of(
                    "path", ModelTypes.pathPattern(), "Paths that it serves: /a, /a/**, /users/{id}.")
            .absentMeans("/**, or path_regex")
            .build();

    /** The path as an expression. */
    public static final Option<PathPattern> PATH_REGEX = Option.of(
                    "path_regex", ModelTypes.pathRegex(), "Regular expression for the whole paths that it serves.")
            .build();

    /** The methods. */
    public static final Option<List<Method>> METHODS = Option.of(
                    "methods", OptionTypes.list(ModelTypes.method()), "Methods that it serves; none named: all.")
            .defaultsTo(List.of())
            .build();

    /** Conditions on header fields. */
    public static final Option<List<Settings>> HEADERS = Option.of(
                    "headers",
                    OptionTypes.sections(ValueMatch.HEADER_SECTION),
                    "Conditions on header fields, all to be met.")
            .defaultsTo(List.of())
            .build();

    /** Conditions on the query. */
    public static final Option<List<Settings>> QUERY = Option.of(
                    "query",
                    OptionTypes.sections(ValueMatch.QUERY_SECTION),
                    "Conditions on parameters of the query, all to be met.")
            .defaultsTo(List.of())
            .build();

    /** The priority. */
    public static final Option<Integer> PRIORITY = Option.of(
                    "priority",
                    OptionTypes.integer(-1_000_000, 1_000_000),
                    "Of the routes that fit, those of the highest priority come first, before all other rules.")
            .defaultsTo(0)
            .build();

    /** One cluster. */
    public static final Option<String> CLUSTER = Option.of(
                    "cluster", OptionTypes.name(), "Cluster that serves the requests.")
            .build();

    /** Several clusters. */
    public static final Option<Map<String, Integer>> SPLIT = Option.of(
                    "split",
                    OptionTypes.map("clusters", OptionTypes.integer(0, MAX_WEIGHT)),
                    "Clusters that serve the requests, each with its weight.")
            .build();

    /** The part of the cluster. */
    public static final Option<Map<String, String>> SUBSET = Option.of(
                    "subset",
                    OptionTypes.map("names", OptionTypes.string("a text")),
                    "Metadata of those endpoints of the cluster, or of each, that serve the requests; tags: one that they have.")
            .defaultsTo(Map.of())
            .build();

    /** What becomes of requests without an endpoint of the subset. */
    public static final Option<SubsetFallback> SUBSET_FALLBACK = Option.of(
                    "subset_fallback",
                    OptionTypes.oneOf(SubsetFallback.class),
                    "Who serves where no endpoint of the subset can: any other of the cluster, or none, which is 503.")
            .defaultsTo(SubsetFallback.ANY)
            .build();

    /** A redirect. */
    public static final Option<Settings> REDIRECT = Option.of(
                    "redirect", OptionTypes.section(Redirect.SECTION), Redirect.SECTION.doc())
            .build();

    /** A direct response. */
    public static final Option<Settings> RESPOND = Option.of(
                    "respond", OptionTypes.section(DirectResponse.SECTION), DirectResponse.SECTION.doc())
            .build();

    /** What is changed. */
    public static final Option<Settings> REWRITE = Listener.nested("rewrite", Rewrite.SECTION);

    /** How long it may take. */
    public static final Option<Settings> TIMEOUTS = Listener.nested("timeouts", RouteTimeouts.SECTION);

    /** When it is tried again. */
    public static final Option<Settings> RETRY = Listener.nested("retry", RetryPolicy.SECTION);

    /** The plugins of what goes by it. */
    public static final Option<List<Settings>> PLUGINS = PluginUse.option(
            "Plugins that what goes by this route goes through, beside those of the balancer and of the listener.");

    /** The options of a route. */
    public static final Section SECTION = Section.of("route", "Which requests go where.")
            .namedBy(NAME)
            .options(HOSTS, PATH, PATH_REGEX, METHODS, HEADERS, QUERY, PRIORITY)
            .options(CLUSTER, SPLIT, SUBSET, SUBSET_FALLBACK, REDIRECT, RESPOND, REWRITE, TIMEOUTS, RETRY, PLUGINS)
            .atMostOneOf(PATH, PATH_REGEX)
            .exactlyOneOf(CLUSTER, SPLIT, REDIRECT, RESPOND)
            .rule(RouteRules::requireWeight)
            .rule(RouteRules::requireVariables)
            .rule(RouteRules::requirePrefix)
            .rule(RouteRules::requireClusterOfSubset)
            .build();

    Route(Settings settings) {
        super(settings);
    }

    /** Returns the name. */
    public String name() {
        return settings().value(NAME);
    }

    /** Returns the hosts that it serves; empty, which is the default, for all. */
    public List<HostPattern> hosts() {
        return settings().value(HOSTS);
    }

    /** Returns the paths that it serves; all by default. */
    public PathPattern path() {
        return pathOf(settings());
    }

    static PathPattern pathOf(Settings settings) {
        return settings.find(PATH).or(() -> settings.find(PATH_REGEX)).orElse(PathPattern.ANY);
    }

    /** Returns the methods that it serves; empty, which is the default, for all. */
    public List<Method> methods() {
        return settings().value(METHODS);
    }

    /** Returns the conditions on header fields, all to be met. */
    public List<ValueMatch> headers() {
        return settings().value(HEADERS).stream().map(ValueMatch::new).toList();
    }

    /** Returns the conditions on parameters of the query, all to be met. */
    public List<ValueMatch> query() {
        return settings().value(QUERY).stream().map(ValueMatch::new).toList();
    }

    /** Returns the priority, the highest first; 0 by default. */
    public int priority() {
        return settings().value(PRIORITY);
    }

    /** Returns what becomes of its requests. */
    public RouteAction action() {
        Optional<Settings> redirect = settings().find(REDIRECT);
        if (redirect.isPresent()) {
            return new RouteAction.RedirectTo(new Redirect(redirect.get()));
        }
        Optional<Settings> respond = settings().find(RESPOND);
        if (respond.isPresent()) {
            return new RouteAction.Respond(new DirectResponse(respond.get()));
        }
        Optional<String> cluster = settings().find(CLUSTER);
        return new RouteAction.Forward(
                cluster.map(name -> Map.of(name, 1)).orElseGet(() -> settings().value(SPLIT)), subset());
    }

    private Optional<Subset> subset() {
        Map<String, String> metadata = settings().value(SUBSET);
        return metadata.isEmpty()
                ? Optional.empty()
                : Optional.of(new Subset(metadata, settings().value(SUBSET_FALLBACK) == SubsetFallback.ANY));
    }

    /** Returns what is changed before a request is forwarded; nothing by default. */
    public Rewrite rewrite() {
        return new Rewrite(settings().value(REWRITE));
    }

    /** Returns how long an exchange may take. */
    public RouteTimeouts timeouts() {
        return new RouteTimeouts(settings().value(TIMEOUTS));
    }

    /** Returns its own plugins; none by default. */
    public List<PluginUse> plugins() {
        return PluginUse.listOf(settings().value(PLUGINS));
    }

    /** Returns when a request is sent again. */
    public RetryPolicy retry() {
        return new RetryPolicy(settings().value(RETRY));
    }
}
