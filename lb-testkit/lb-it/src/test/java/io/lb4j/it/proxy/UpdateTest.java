package io.lb4j.it.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UpdateTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void anUnchangedEndpointKeepsItsConnectionsThroughManyUpdates() {
        try (ScriptedUpstream kept = ScriptedUpstream.start();
                ScriptedUpstream comesAndGoes = ScriptedUpstream.start();
                LoadBalancer lb = Balancers.configured(List.of(kept), route -> {})
                        .process(process -> process.eventLoops(1))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            for (int i = 0; i < 50; i++) {
                List<ScriptedUpstream> members = i % 2 == 0 ? List.of(kept, comesAndGoes) : List.of(kept);
                LoadBalancerBuilder next = Balancers.configured(members, route -> {});
                lb.update(next.process(process -> process.eventLoops(1)).configuration());
                assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
                assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            }

            assertThat(kept.connections().accepted()).isEqualTo(1);
            assertThat(lb.stats().configurations()).isEqualTo(51);
        }
    }

    @Test
    void aRequestGoesByTheNewRoutesOnceUpdateHasReturned() {
        try (LoadBalancer lb = answering(201).start();
                RawClient client = RawClient.connect(lb.port())) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(201);

            lb.update(answering(202).configuration());

            assertThat(client.send(GET).readResponse().status()).isEqualTo(202);
        }
    }

    private static LoadBalancerBuilder answering(int status) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .route(route -> route.path("/**").respond(status));
    }

    @Test
    void anUpdateThatCannotBindChangesNothing() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LoadBalancer lb = answering(201).start();
                RawClient client = RawClient.connect(lb.port())) {
            LoadBalancerBuilder next =
                    answering(202).listener("second", listener -> listener.port(taken.getLocalPort()));

            assertThatThrownBy(() -> lb.update(next.configuration())).hasMessageContaining("second");

            assertThat(client.send(GET).readResponse().status()).isEqualTo(201);
        }
    }

    @Test
    void aListenerThatIsGoneFinishesWhatItHas() {
        try (ScriptedUpstream slow =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200));
                LoadBalancer lb = Balancers.configured(List.of(slow), route -> {})
                        .listener("second", listener -> listener.port(0))
                        .start();
                RawClient client = RawClient.connect(lb.address("second").getPort())) {
            client.send(GET);
            slow.awaitRequest();

            lb.update(Balancers.configured(List.of(slow), route -> {}).configuration());
            slow.release();

            assertThat(client.readResponse().status()).isEqualTo(200);
            client.expectClose();
        }
    }
}
