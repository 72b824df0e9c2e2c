package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.UdpRelay;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether clients may move by intent, and what becomes of those that are moved. */
final class MigrationTest {
    private static Edge edge(ScriptedUpstream upstream, boolean migration) {
        return Edge.before(upstream, Http3.of(http3 -> http3.migration(migration)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clientsAreToldWhetherTheyMayMove(boolean migration) {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, migration);
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.quic().getPeerTransportParameters().getDisableMigration())
                    .isEqualTo(!migration);
        }
    }

    @Test
    void aNatMovesClientsInAnyCase() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, false);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
                H3Client client = H3Client.connect(relay.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/gone").status()).as("address %d", i).isEqualTo(410);
                relay.rebind();
            }
            assertThat(client.get("/gone").status()).isEqualTo(410);
            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
            await().until(() -> edge.figure(Figure.MIGRATIONS) > 0);
        }
    }

    /** It could be somebody behind a NAT that has changed its connection id meanwhile: it is served, as RFC 9000 §9 allows. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatMovesByIntentIsServed(boolean migration) {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, migration);
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
            SocketAddress before = edge.nextRecord().connection().remoteAddress();
            await().until(() -> client.quic().getDestinationConnectionIds().size() > 1);
            client.quic().nextDestinationConnectionId();
            client.quic().changeAddress();

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(client.get("/gone").status()).isEqualTo(410);
                assertThat(edge.nextRecord().connection().remoteAddress()).isNotEqualTo(before);
            });
            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
        }
    }
}
