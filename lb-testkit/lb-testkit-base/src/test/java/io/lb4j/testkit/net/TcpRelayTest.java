package io.lb4j.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.Payload;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpRelayTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int SIZE = 4 << 20;

    private final ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
        script.on("/large").answer(Answer.status(200).payload(SIZE));
        script.on("/fin").close();
        script.on("/rst").reset();
        script.onAny().answer(200);
    });
    private final TcpRelay relay = TcpRelay.to(upstream.address());

    @AfterEach
    void close() {
        relay.close();
        upstream.close();
    }

    @Test
    void passesEveryByteOnInOrder() {
        relay.impair(Impairment.none().delay(Duration.ofMillis(2)).jitter(Duration.ofMillis(3)));
        try (RawClient client = RawClient.connect(relay.port())) {
            RawResponse response =
                    client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();

            assertThat(response.body().crc32c()).isEqualTo(Payload.crc32c(SIZE));
        }
    }

    @Test
    void delaysBothDirections() {
        relay.impair(Impairment.none().delay(Duration.ofMillis(40)));
        try (RawClient client = RawClient.connect(relay.port())) {
            long start = System.nanoTime();
            client.send(GET).readResponse();

            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(80_000_000);
        }
    }

    @Test
    void aDelayDoesNotNarrowTheLine() {
        relay.impair(Impairment.none().delay(Duration.ofMillis(100)));
        try (RawClient client = RawClient.connect(relay.port())) {
            long start = System.nanoTime();
            client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();

            // 512 pieces of 8 KiB, one after the other, would take 51 seconds.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(25));
        }
    }

    @Test
    void narrowsTheLine() {
        relay.impair(Impairment.none().bandwidth(20L << 20));
        try (RawClient client = RawClient.connect(relay.port())) {
            long start = System.nanoTime();
            client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(190));
        }
    }

    @Test
    void holdsEverythingInABlackholeAndLetsItPassAfterwards() {
        try (RawClient client = RawClient.connect(relay.port())) {
            client.send(GET).readResponse();
            relay.blackhole(true);
            client.send(GET).expectSilence(Duration.ofMillis(50));
            assertThat(upstream.requests()).hasSize(1);
            relay.blackhole(false);

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void passesAFinAndAResetOn() {
        try (RawClient fin = RawClient.connect(relay.port());
                RawClient reset = RawClient.connect(relay.port())) {
            fin.send("GET /fin HTTP/1.1\r\nHost: a\r\n\r\n");
            reset.send("GET /rst HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(fin.expectClose()).isEqualTo(RawClient.Closure.FIN);
            assertThat(reset.expectClose()).isEqualTo(RawClient.Closure.RESET);
        }
    }

    @Test
    void passesAHalfCloseOn() {
        try (RawClient client = RawClient.connect(relay.port())) {
            assertThat(client.send(GET).halfClose().readResponse().status()).isEqualTo(200);
            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
    }

    @Test
    void cutsConnectionsOnBothSidesInTheChosenWay() {
        try (RawClient fin = RawClient.connect(relay.port())) {
            fin.send(GET).readResponse();
            relay.closeConnections();
            assertThat(fin.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
        upstream.awaitConnections(connections -> connections.open() == 0);
        try (RawClient reset = RawClient.connect(relay.port())) {
            reset.send(GET).readResponse();
            relay.resetConnections();
            assertThat(reset.expectClose()).isEqualTo(RawClient.Closure.RESET);
        }
        upstream.awaitConnections(connections -> connections.open() == 0);
    }

    @Test
    void abandonsWhatIsOpenAndServesWhoComesAfterwards() {
        try (RawClient before = RawClient.connect(relay.port())) {
            before.send(GET).readResponse();
            relay.abandonConnections();
            upstream.closeConnections();
            before.send(GET).expectSilence(Duration.ofMillis(50));
            try (RawClient after = RawClient.connect(relay.port())) {
                assertThat(after.send(GET).readResponse().status()).isEqualTo(200);
            }
            before.expectSilence(Duration.ofMillis(50));
        }
    }

    @Test
    void refusesWhatTcpDoesNotShow() {
        assertThatThrownBy(() -> relay.impair(Impairment.none().loss(0.5)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Impairment.none().loss(1.5)).hasMessageContaining("expected: 0 … 1");
    }
}
