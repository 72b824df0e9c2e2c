package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.ScriptedUpstream;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that move again before they have proven the address that they have moved to. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class RestlessClientTest {
    private static final int ROUNDS = 20; // of two moves

    private static byte[] random(int octets) {
        byte[] body = new byte[octets];
        new Random(octets).nextBytes(body);
        return body;
    }

    /** Up and down at once: what was sent to an address that was never proven is lost there. */
    @Test
    void nothingIsLostForGoodOfWhatWasSentToAddressesThatWereNeverProven() throws Exception {
        byte[] body = random(500_000);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.keepBodies(body.length).onAny().echo());
                Edge edge = Edge.before(upstream);
                RestlessRelay relay = RestlessRelay.to(edge.port());
                H3Client kwik = H3Client.connect(relay.port())) {
            for (int round = 0; round < ROUNDS; round++) {
                relay.move(20 + 10 * round, 2, 1 + round % 10);
                CompletableFuture<H3Answer> echoed = CompletableFuture.supplyAsync(() -> kwik.post("/", body));
                assertThat(echoed.get(60, TimeUnit.SECONDS).body()).isEqualTo(body);
                assertThat(relay.movesLeft()).isZero();
            }

            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
            assertThat(edge.figure(Figure.PATHS)).isGreaterThan(ROUNDS);
        }
    }

    /** quiche gives the address up, and ended the connection (PROTOCOL_VIOLATION) when two packets came from there in one go. */
    @Test
    void anAddressWhoseProofIsLostIsProvenLater() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                RestlessRelay relay = RestlessRelay.to(edge.port());
                H3Client kwik = H3Client.connect(relay.port())) {
            assertThat(kwik.get("/gone").status()).isEqualTo(410);
            relay.move(0, 2, Integer.MAX_VALUE);
            CompletableFuture<H3Answer> answer = CompletableFuture.supplyAsync(() -> kwik.get("/gone"));
            await().until(() -> edge.figure(Figure.PATHS) == 1);
            relay.hold();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                if (relay.held() > 2) {
                    relay.release();
                    relay.hold();
                }
                return edge.figure(Figure.PATHS_FAILED) > 0 || answer.isDone();
            });
            relay.stay();
            relay.release();

            assertThat(answer.get(60, TimeUnit.SECONDS).status()).isEqualTo(410);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> kwik.get("/gone").status() == 410 && edge.figure(Figure.MIGRATIONS) == 1);
            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
        }
    }
}
