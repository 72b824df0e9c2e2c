package io.lb4j.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Candidate;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.time.Aside;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class NearestZoneTest {
    @Test
    void theExampleIsAnsweredInItsZone() {
        try (Running running = CustomPolicy.start(0)) {
            for (int i = 0; i < 10; i++) {
                assertThat(Ask.get(running.port(), "/").body()).isEqualTo("answered by zone a\n");
            }
        }
    }

    @Test
    void requestsGoElsewhereWhileTheZoneHasNoRoom() throws Exception {
        try (ScriptedUpstream near =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200, "near"));
                ScriptedUpstream far =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "far"));
                LoadBalancer balancer = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0))
                        .cluster(
                                "api",
                                cluster -> cluster.endpoint(inZone("a", near.port()))
                                        .endpoint(inZone("b", far.port()))
                                        .balance(new NearestZone("a", 1)))
                        .route(route -> route.path("/**").to("api"))
                        .start()) {
            CompletableFuture<String> held = CompletableFuture.supplyAsync(
                    () -> Ask.get(balancer.port(), "/").body(), Aside.THREAD);
            near.awaitRequest();

            assertThat(Ask.get(balancer.port(), "/").body()).isEqualTo("far");

            near.release();
            assertThat(held.get()).isEqualTo("near");
        }
    }

    @Test
    void theIdlestOfTheZoneIsPickedAndAnyOfItWhereThereIsNoOther() {
        NearestZone policy = new NearestZone("a", 2);
        List<Candidate> mixed = List.of(new Load("b", 0), new Load("a", 1), new Load("a", 0));
        List<Candidate> alone = List.of(new Load("a", 7), new Load("a", 5));
        List<Candidate> elsewhere = List.of(new Load("b", 3), new Load("c", 1));

        assertThat(pick(policy, mixed)).isEqualTo(2);
        assertThat(pick(policy, alone)).isEqualTo(1);
        assertThat(pick(policy, elsewhere)).isEqualTo(1);
    }

    /** The policy looks at no exchange. */
    @SuppressWarnings("NullAway")
    private static int pick(NearestZone policy, List<Candidate> candidates) {
        return policy.picker(candidates).pick(null);
    }

    private static Endpoint inZone(String zone, int port) {
        return Endpoint.of("127.0.0.1", port).withMetadata(Map.of("zone", zone));
    }

    private record Load(String zone, int inFlight) implements Candidate {
        @Override
        public Endpoint endpoint() {
            return inZone(zone, 80);
        }

        @Override
        public double weight() {
            return 100;
        }

        @Override
        public double latencyNanos(long nowNanos) {
            return 0;
        }
    }
}
