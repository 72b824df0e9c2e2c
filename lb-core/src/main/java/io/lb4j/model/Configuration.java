package io.lb4j.model;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Draft;
import io.lb4j.config.Fault;
import io.lb4j.config.Faults;
import io.lb4j.config.Node;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Part;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.util.List;
import java.util.Optional;

/**
 * All that a balancer is told: a tree of settings that has been checked as a whole. Immutable. Two are equal if they say the same,
 * wherever each value came from; so are their listeners, clusters and routes, one by one.
 */
public final class Configuration extends View {
    /** The kind of {@link Part} that brings certificates: an {@code io.lb4j.spi.ManagedCertificates}. */
    public static final String ACME_KIND = "acme";

    /** The listeners. */
    public static final Option<List<Settings>> LISTENERS = Option.of(
                    "listeners", OptionTypes.sections(Listener.SECTION), "Addresses that clients connect to.")
            .required()
            .build();

    /** The clusters. */
    public static final Option<List<Settings>> CLUSTERS = Option.of(
                    "clusters", OptionTypes.sections(Cluster.SECTION), "Endpoints that serve the same, by name.")
            .defaultsTo(List.of())
            .build();

    /** The routes. */
    public static final Option<List<Settings>> ROUTES = Option.of(
                    "routes", OptionTypes.sections(Route.SECTION), "Which requests go where.")
            .defaultsTo(List.of())
            .build();

    /** The plugins of every exchange. */
    public static final Option<List<Settings>> PLUGINS = PluginUse.option("Plugins that every exchange goes through.");

    /** Certificates that take care of themselves. */
    public static final Option<Part> ACME = Option.of(
                    "acme",
                    OptionTypes.part(ACME_KIND, ACME_KIND),
                    "Certificates that are obtained and renewed while the balancer serves; every TLS listener serves them, after its own.")
            .absentMeans("none")
            .build();

    /** What holds for the whole. */
    public static final Option<Settings> PROCESS = Listener.nested("process", ProcessOptions.SECTION);

    /** The root of the tree of options: schema and documentation begin here. */
    public static final Section SECTION = Section.of("configuration", "All that a balancer is told.")
            .options(LISTENERS, CLUSTERS, ROUTES, PLUGINS, ACME, PROCESS)
            .rule(ConfigurationRules::requireListener)
            .rule(ConfigurationRules::requireDistinctAddresses)
            .rule(ConfigurationRules::requireKnownClusters)
            .rule(ConfigurationRules::requireCertificates)
            .rule(ConfigurationRules::requireDistinctSnapshots)
            .build();

    private final List<Listener> listeners;
    private final List<Cluster> clusters;
    private final List<Route> routes;

    private Configuration(Settings settings) {
        super(settings);
        listeners = settings.value(LISTENERS).stream().map(Listener::new).toList();
        clusters = settings.value(CLUSTERS).stream().map(Cluster::new).toList();
        routes = settings.value(ROUTES).stream().map(Route::new).toList();
    }

    /**
     * Checks a draft of {@link #SECTION}.
     *
     * @param parts the code that it may name
     * @throws ConfigurationException with all faults
     */
    public static Configuration of(Draft draft, PartCatalog parts) {
        return complete(draft, new Faults(), parts);
    }

    /**
     * Reads a tree as a file has it.
     *
     * @param parts the code that it may name
     * @throws ConfigurationException with all faults
     */
    public static Configuration read(Node tree, PartCatalog parts) {
        Faults faults = new Faults();
        Draft draft = new Draft(SECTION);
        if (tree instanceof Node.Entries entries) {
            draft.read(entries, Scope.root(faults, parts));
        } else {
            faults.add(Fault.of(
                    "configuration",
                    Fault.Code.WRONG_SHAPE,
                    "no section",
                    "listeners, clusters, routes",
                    tree.origin()));
        }
        return complete(draft, faults, parts);
    }

    private static Configuration complete(Draft draft, Faults faults, PartCatalog parts) {
        Settings settings = draft.complete(Scope.root(faults, parts));
        faults.throwIfAny();
        return new Configuration(settings);
    }

    /** Returns the listeners, at least one. */
    public List<Listener> listeners() {
        return listeners;
    }

    /** Returns the clusters. */
    public List<Cluster> clusters() {
        return clusters;
    }

    /** Returns the routes in the order of their declaration. */
    public List<Route> routes() {
        return routes;
    }

    /** Returns the plugins that every exchange goes through, in the order of their declaration. */
    public List<PluginUse> plugins() {
        return PluginUse.listOf(settings().value(PLUGINS));
    }

    /** Returns the certificates that take care of themselves; none by default. */
    public Optional<Part> acme() {
        return settings().find(ACME);
    }

    /** Returns what holds for the whole. */
    public ProcessOptions process() {
        return new ProcessOptions(settings().value(PROCESS));
    }
}
