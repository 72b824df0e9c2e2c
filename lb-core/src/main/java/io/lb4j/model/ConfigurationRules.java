package io.lb4j.model;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.config.Scope;
import io.lb4j.config.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Checks across listeners, clusters and routes. */
final class ConfigurationRules {
    private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::");

    private ConfigurationRules() {}

    static void requireListener(Settings configuration, Scope scope) {
        if (configuration.find(Configuration.LISTENERS).filter(List::isEmpty).isPresent()) {
            scope.at(Configuration.LISTENERS.name())
                    .report(
                            Fault.Code.MISSING,
                            "none",
                            "at least one listener",
                            configuration.origin(Configuration.LISTENERS));
        }
    }

    /** Two listeners cannot bind one port of one address, nor one of them the port on all addresses. */
    static void requireDistinctAddresses(Settings configuration, Scope scope) {
        Map<Integer, Map<String, String>> hostsByPort = new HashMap<>();
        for (Settings listener : configuration.find(Configuration.LISTENERS).orElse(List.of())) {
            int port = listener.find(Listener.PORT).orElse(0);
            String name = listener.find(Listener.NAME).orElse("");
            Optional<String> host = listener.find(Listener.HOST);
            if (port == 0 || host.isEmpty()) {
                continue;
            }
            Map<String, String> taken = hostsByPort.computeIfAbsent(port, any -> new HashMap<>());
            Optional<String> holder = taken.entrySet().stream()
                    .filter(entry -> overlap(entry.getKey(), host.get()))
                    .map(Map.Entry::getValue)
                    .findFirst();
            if (holder.isPresent()) {
                scope.at(Configuration.LISTENERS.name())
                        .at(name)
                        .at(Listener.PORT.name())
                        .report(
                                Fault.Code.DUPLICATE,
                                host.get() + ":" + port,
                                "an address that listener " + holder.get() + " does not take",
                                listener.origin(Listener.PORT));
            }
            taken.putIfAbsent(host.get(), name);
        }
    }

    /** A TLS listener needs a certificate: its own, or those that take care of themselves. */
    static void requireCertificates(Settings configuration, Scope scope) {
        if (configuration.isSet(Configuration.ACME)) {
            return;
        }
        for (Settings listener : configuration.find(Configuration.LISTENERS).orElse(List.of())) {
            Optional<Settings> tls = listener.find(Listener.TLS);
            if (tls.isPresent() && !ListenerTls.namesCertificate(tls.get())) {
                scope.at(Configuration.LISTENERS.name())
                        .at(listener.find(Listener.NAME).orElse(""))
                        .at(Listener.TLS.name())
                        .at(ListenerTls.CERTIFICATES.name())
                        .report(
                                Fault.Code.MISSING,
                                "missing",
                                "certificates, self_signed or sources, or acme for the whole",
                                Origin.byDefault());
            }
        }
    }

    private static boolean overlap(String one, String other) {
        return one.equals(other) || ALL_ADDRESSES.contains(one) || ALL_ADDRESSES.contains(other);
    }

    static void requireKnownClusters(Settings configuration, Scope scope) {
        if (configuration.isFaulty(Configuration.CLUSTERS)) {
            return;
        }
        Set<String> known = new TreeSet<>();
        for (Settings cluster : configuration.find(Configuration.CLUSTERS).orElse(List.of())) {
            cluster.find(Cluster.NAME).ifPresent(known::add);
        }
        for (Settings route : configuration.find(Configuration.ROUTES).orElse(List.of())) {
            Scope place = scope.at(Configuration.ROUTES.name())
                    .at(route.find(Route.NAME).orElse(""));
            route.find(Route.CLUSTER)
                    .filter(name -> !known.contains(name))
                    .ifPresent(name -> report(place.at(Route.CLUSTER.name()), name, known, route));
            for (String name : route.find(Route.SPLIT).orElse(Map.of()).keySet()) {
                if (!known.contains(name)) {
                    report(place.at(Route.SPLIT.name()), name, known, route);
                }
            }
            requireKnown(route.find(Route.PLUGINS), place.at(Route.PLUGINS.name()), known);
        }
        for (Settings listener : configuration.find(Configuration.LISTENERS).orElse(List.of())) {
            Scope place = scope.at(Configuration.LISTENERS.name())
                    .at(listener.find(Listener.NAME).orElse(""));
            requireKnown(listener.find(Listener.PLUGINS), place.at(Listener.PLUGINS.name()), known);
        }
        requireKnown(configuration.find(Configuration.PLUGINS), scope.at(Configuration.PLUGINS.name()), known);
    }

    /** Plugins may ask clusters as well. */
    private static void requireKnown(Optional<List<Settings>> plugins, Scope place, Set<String> known) {
        for (Settings plugin : plugins.orElse(List.of())) {
            Optional<Part> use = plugin.find(PluginUse.USE)
                    .filter(any -> plugin.find(PluginUse.ENABLED).orElse(true));
            if (use.isEmpty() || use.get().settings().isEmpty()) {
                continue;
            }
            Settings settings = use.get().settings().get();
            for (Option<String> option : use.get().clusterOptions()) {
                settings.find(option)
                        .filter(name -> !known.contains(name))
                        .ifPresent(name -> place.at(plugin.find(PluginUse.NAME).orElse(""))
                                .at(PluginUse.USE.name())
                                .at(option.name())
                                .reportUnknown(
                                        Fault.Code.UNKNOWN_NAME,
                                        name,
                                        expected(known),
                                        known,
                                        settings.origin(option)));
            }
        }
    }

    /** Two clusters that remember their endpoints in one file would each overwrite what the other remembers. */
    static void requireDistinctSnapshots(Settings configuration, Scope scope) {
        Map<Path, String> taken = new HashMap<>();
        for (Settings cluster : configuration.find(Configuration.CLUSTERS).orElse(List.of())) {
            String name = cluster.find(Cluster.NAME).orElse("");
            Optional<Settings> discovery = cluster.find(Cluster.DISCOVERY);
            Optional<Path> file = discovery.flatMap(settings -> settings.find(DiscoveryPolicy.SNAPSHOT));
            if (discovery.isEmpty() || file.isEmpty()) {
                continue;
            }
            String holder = taken.putIfAbsent(file.get().toAbsolutePath().normalize(), name);
            if (holder != null) {
                scope.at(Configuration.CLUSTERS.name())
                        .at(name)
                        .at(Cluster.DISCOVERY.name())
                        .at(DiscoveryPolicy.SNAPSHOT.name())
                        .report(
                                Fault.Code.DUPLICATE,
                                file.get().toString(),
                                "a file that cluster " + holder + " does not take",
                                discovery.get().origin(DiscoveryPolicy.SNAPSHOT));
            }
        }
    }

    private static void report(Scope place, String name, Set<String> known, Settings route) {
        boolean one = route.isSet(Route.CLUSTER);
        place.reportUnknown(
                Fault.Code.UNKNOWN_NAME, name, expected(known), known, route.origin(one ? Route.CLUSTER : Route.SPLIT));
    }

    private static String expected(Set<String> known) {
        return known.isEmpty() ? "a cluster; there is none" : "a cluster that is declared";
    }
}
