package io.lb4j.server.admin;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.model.ModelTypes;
import io.lb4j.spi.Actions;
import io.lb4j.stats.ClusterStatistics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What an operator does to endpoints. Thread-safe. */
final class EndpointPages {
    private static final int FEW = 10;
    private static final String PLACE = "/endpoints/{cluster}/{address}/";
    private static final Option<Duration> TIME =
            Option.of("time", ModelTypes.time(), "How long.").required().build();
    private static final Option<Integer> WEIGHT = Option.of(
                    "weight", OptionTypes.integer(0, 1_000_000), "Share of traffic relative to other endpoints.")
            .required()
            .build();
    private static final Section EJECTION =
            Section.of("ejection", "An ejection by hand.").options(TIME).build();
    private static final Section WEIGHING =
            Section.of("weighing", "A weight by hand.").options(WEIGHT).build();

    private final Administered administered;

    EndpointPages(Administered administered) {
        this.administered = administered;
    }

    List<AdminRoute> routes() {
        return List.of(
                AdminRoute.post(
                        PLACE + "drain",
                        "Sends an endpoint no new requests.",
                        request -> done(request, actions().drain(cluster(request), address(request)))),
                AdminRoute.post(
                        PLACE + "restore",
                        "Sends an endpoint requests again.",
                        request -> done(request, actions().restore(cluster(request), address(request)))),
                AdminRoute.post(PLACE + "eject", "Takes an endpoint out for a time.", EJECTION, request -> {
                    Duration time = Bodies.read(request.body(), EJECTION).value(TIME);
                    return done(request, actions().eject(cluster(request), address(request), time));
                }),
                AdminRoute.post(PLACE + "weight", "Gives an endpoint another weight.", WEIGHING, request -> {
                    int weight = Bodies.read(request.body(), WEIGHING).value(WEIGHT);
                    return done(request, actions().weight(cluster(request), address(request), weight));
                }));
    }

    private Problem unknown(String cluster, String address) {
        Map<String, ClusterStatistics> clusters =
                administered.balancer().stats().clusters();
        ClusterStatistics known = clusters.get(cluster);
        if (known == null) {
            return new Problem(
                    404, "cluster: " + Gate.quoted(cluster) + " (expected: " + oneOf(clusters.keySet()) + ")");
        }
        return new Problem(
                404,
                "endpoint: " + Gate.quoted(address) + " (expected: "
                        + oneOf(known.endpoints().keySet()) + ", of cluster " + cluster + ")");
    }

    /** Returns what there is, or where to find it where it is much. */
    private static String oneOf(Set<String> names) {
        if (names.isEmpty()) {
            return "there is none";
        }
        String first = names.stream().sorted().limit(FEW).collect(Collectors.joining(", "));
        return "one of " + first + (names.size() > FEW ? ", … in GET /endpoints" : "");
    }

    private Actions actions() {
        return administered.balancer().actions();
    }

    private static String cluster(AdminRequest request) {
        return request.variable("cluster");
    }

    private static String address(AdminRequest request) {
        return request.variable("address");
    }

    private AdminResponse done(AdminRequest request, boolean isDone) throws Problem {
        if (!isDone) {
            throw unknown(cluster(request), address(request));
        }
        return AdminResponse.json(
                Map.<String, Object>of("cluster", cluster(request), "endpoint", address(request), "done", true));
    }
}
