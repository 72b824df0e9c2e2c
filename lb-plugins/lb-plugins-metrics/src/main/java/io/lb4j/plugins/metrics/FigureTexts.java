package io.lb4j.plugins.metrics;

import static java.util.Map.entry;

import java.util.Map;

/** What the balancer's own figures mean, for those who look at them elsewhere. */
final class FigureTexts {
    private static final Map<String, String> TEXTS = Map.ofEntries(
            entry(
                    "lb4j.certificate.failures",
                    "Attempts to obtain a certificate that failed since the last that did not"),
            entry(
                    "lb4j.certificate.hurried",
                    "How many times in a row a certificate was replaced by a wish that was over before it came"),
            entry("lb4j.certificate.left.ratio", "Share of its lifetime that a certificate has left"),
            entry("lb4j.certificate.left.seconds", "Time until a certificate expires"),
            entry("lb4j.certificate.next.attempt.seconds", "Time until a certificate is next looked after"),
            entry("lb4j.certificate.revoked", "Whether a certificate is known to be revoked"),
            entry("lb4j.certificate.self.signed", "Whether a certificate of the balancer's own stands in for one"),
            entry("lb4j.cluster.held", "Whether a sudden loss of endpoints is held back"),
            entry("lb4j.cluster.panicking", "Whether health is ignored because too few endpoints are healthy"),
            entry("lb4j.cluster.stale", "Whether a source of endpoints cannot be asked"),
            entry("lb4j.configurations.applied", "Configurations that were put in force"),
            entry("lb4j.configurations.refused", "Configurations that were not put in force, for their faults"),
            entry("lb4j.connections", "Connections of clients that are open"),
            entry("lb4j.connections.accepted", "Connections of clients that were accepted"),
            entry("lb4j.connections.refused", "Connections of clients that were refused, for there were too many"),
            entry("lb4j.discovery.age.seconds", "Time since a source of endpoints last spoke"),
            entry("lb4j.discovery.changes", "Changes of what a source of endpoints is believed to say"),
            entry("lb4j.discovery.endpoints", "Endpoints that a source names"),
            entry("lb4j.discovery.errors", "Times that a source of endpoints could not be asked"),
            entry("lb4j.discovery.held", "Whether a loss that a source of endpoints tells of is held back"),
            entry("lb4j.discovery.skipped", "Entries of a source that are left out, for they are no endpoints"),
            entry("lb4j.discovery.stale", "Whether a source of endpoints cannot be asked"),
            entry("lb4j.endpoints", "Endpoints of a cluster"),
            entry("lb4j.endpoints.draining", "Endpoints that get no new requests"),
            entry("lb4j.endpoints.ejected", "Endpoints that are taken out for their failures, or by order"),
            entry("lb4j.endpoints.unhealthy", "Endpoints that fail their checks"),
            entry("lb4j.handshakes.failed", "TLS handshakes with clients that failed"),
            entry("lb4j.plugin.answers", "Requests that a plugin answered itself"),
            entry("lb4j.plugin.blocks", "Calls of a plugin that held an event loop for too long"),
            entry("lb4j.plugin.calls", "Exchanges that a plugin took part in"),
            entry("lb4j.plugin.degraded", "Whether a plugin, or something that it depends on, is in trouble"),
            entry("lb4j.plugin.errors", "Calls of a plugin that failed"),
            entry("lb4j.plugin.figure", "Figures of a plugin's own"),
            entry("lb4j.plugin.out", "Whether a plugin is taken out for its failures"),
            entry("lb4j.plugin.outages", "Times that a plugin was taken out for its failures"),
            entry("lb4j.plugin.timeouts", "Calls of a plugin that were not answered in time"),
            entry("lb4j.requests.active", "Exchanges under way"),
            entry("lb4j.transport.figure", "Figures of a transport with clients, such as HTTP/3"),
            entry("lb4j.transport.healthy", "Whether a transport with clients works"),
            entry("lb4j.upstream.connections", "Connections to endpoints"),
            entry(
                    "lb4j.upstream.connections.handed.over",
                    "Connections to endpoints that one event loop gave up for another"),
            entry("lb4j.upstream.connections.idle", "Connections to endpoints that wait for a request"),
            entry("lb4j.upstream.pending", "Requests that wait for a connection to an endpoint"),
            entry("lb4j.upstream.transport.figure", "Figures of a transport with endpoints, such as HTTP/3"),
            entry("lb4j.uptime.seconds", "Time since the balancer started"));

    private FigureTexts() {}

    /** Returns what a figure means; nothing if it is not known. */
    static String of(String name) {
        return TEXTS.getOrDefault(name, "");
    }
}
