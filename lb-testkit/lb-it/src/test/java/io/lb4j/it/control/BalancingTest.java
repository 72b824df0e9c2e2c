package io.lb4j.it.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.model.Endpoint;
import io.lb4j.model.Route;
import io.lb4j.spi.BalancePolicy;
import io.lb4j.spi.Candidate;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Who serves which request. */
final class BalancingTest {
    private static ScriptedUpstream named(String name) {
        return ScriptedUpstream.start(script -> script.onAny().answer(200, name));
    }

    private static Endpoint of(ScriptedUpstream upstream, Map<String, String> metadata) {
        return Endpoint.of("127.0.0.1", upstream.port()).withMetadata(metadata);
    }

    private static LoadBalancerBuilder versions(
            ScriptedUpstream one, ScriptedUpstream two, Consumer<io.lb4j.RouteBuilder> route) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .cluster(
                        "api",
                        cluster -> cluster.endpoint(of(one, Map.of("version", "1", "tags", "blue, old")))
                                .endpoint(of(two, Map.of("version", "2", "tags", "green"))))
                .route("some", some -> {
                    some.path("/**");
                    route.accept(some);
                })
                .process(process -> process.eventLoops(1));
    }

    /** Prefers the endpoints of the zone that the request names: a policy as users write them. */
    private record ByZone() implements BalancePolicy {
        @Override
        public String name() {
            return "by_zone";
        }

        @Override
        public Picker picker(List<Candidate> candidates) {
            return exchange -> {
                String zone = exchange.request().fields().value("x-zone").orElse("");
                for (int i = 0; i < candidates.size(); i++) {
                    if (candidates
                            .get(i)
                            .endpoint()
                            .zone()
                            .filter(own -> own.equals(zone))
                            .isPresent()) {
                        return i;
                    }
                }
                return 0;
            };
        }
    }

    @Test
    void aPolicyOfTheUsersOwnSeesTheRequestAndTheMetadata() {
        try (ScriptedUpstream a = named("a");
                ScriptedUpstream b = named("b");
                LoadBalancer lb = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0))
                        .cluster(
                                "api",
                                cluster -> cluster.endpoint(of(a, Map.of("zone", "a")))
                                        .endpoint(of(b, Map.of("zone", "b")))
                                        .balance(new ByZone()))
                        .route(route -> route.path("/**").to("api"))
                        .start()) {
            assertThat(Traffic.get(lb, "/", "x-zone: b").text()).isEqualTo("b");
            assertThat(Traffic.get(lb, "/", "x-zone: a").text()).isEqualTo("a");
        }
    }

    @Test
    void aRouteReachesASubsetOfItsClusterOnly() {
        try (ScriptedUpstream one = named("one");
                ScriptedUpstream two = named("two");
                LoadBalancer lb = versions(one, two, route -> route.to("api", Map.of("version", "2")))
                        .route("tagged", route -> route.path("/blue").to("api").subset("tags", "blue"))
                        .route("all", route -> route.path("/all").to("api"))
                        .start()) {
            assertThat(Traffic.answers(lb, 6)).containsExactly("two");
            assertThat(Traffic.get(lb, "/blue").text()).isEqualTo("one");
            assertThat(List.of(
                            Traffic.get(lb, "/all").text(),
                            Traffic.get(lb, "/all").text()))
                    .containsExactlyInAnyOrder("one", "two");
        }
    }

    @Test
    void whereNobodyIsInTheSubsetOthersServe() {
        try (ScriptedUpstream one = named("one");
                ScriptedUpstream two = named("two");
                LoadBalancer lb = versions(one, two, route -> route.to("api", Map.of("version", "3")))
                        .start()) {
            assertThat(Traffic.answers(lb, 6)).containsExactly("one", "two");
        }
    }

    @Test
    void whereNobodyIsInTheSubsetNobodyServesIfTheRouteSaysSo() {
        try (ScriptedUpstream one = named("one");
                ScriptedUpstream two = named("two");
                LoadBalancer lb = versions(
                                one,
                                two,
                                route -> route.to("api", Map.of("version", "3"))
                                        .subsetFallback(Route.SubsetFallback.NONE))
                        .start()) {
            assertThat(Traffic.answers(lb, 3)).containsExactly("503");
        }
    }

    @Test
    void aSubsetFollowsWhatAnOperatorOrders() {
        try (ScriptedUpstream one = named("one");
                ScriptedUpstream two = named("two");
                LoadBalancer lb = versions(one, two, route -> route.to("api", Map.of("version", "2")))
                        .start()) {
            lb.actions().drain("api", "127.0.0.1:" + two.port());
            assertThat(Traffic.answers(lb, 3)).containsExactly("one");

            lb.actions().restore("api", "127.0.0.1:" + two.port());
            assertThat(Traffic.answers(lb, 3)).containsExactly("two");
        }
    }

    @Test
    void anUpdateMayDivideTheClusterInAnotherWay() {
        try (ScriptedUpstream one = named("one");
                ScriptedUpstream two = named("two");
                LoadBalancer lb = versions(one, two, route -> route.to("api", Map.of("version", "2")))
                        .start()) {
            lb.update(versions(one, two, route -> route.to("api", Map.of("version", "1")))
                    .configuration());

            assertThat(Traffic.answers(lb, 3)).containsExactly("one");
        }
    }
}
