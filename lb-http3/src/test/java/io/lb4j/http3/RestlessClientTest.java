package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that move again before they have proven the address that they have moved to, which takes two round trips. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class RestlessClientTest {
    private static final int ROUNDS = 10;
    private static final int MOVES = 3;
    private static final int OCTETS = 500_000;

    private static void awaitDatagrams(UdpRelay relay, int more) {
        long before = relay.received();
        await().pollInterval(Duration.ofMillis(1)).until(() -> relay.received() >= before + more);
    }

    /** What was sent to addresses that are left before they are proven was never sent again. */
    @Test
    void nothingIsLostForGood() throws Exception {
        byte[] body = new byte[OCTETS];
        new Random(9).nextBytes(body);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.keepBodies(body.length).onAny().echo());
                Edge edge = Edge.before(upstream);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
                H3Client kwik = H3Client.connect(relay.port())) {
            relay.impair(Impairment.none().delay(Duration.ofMillis(20)));
            for (int round = 0; round < ROUNDS; round++) {
                CompletableFuture<H3Answer> echoed = CompletableFuture.supplyAsync(() -> kwik.post("/", body));
                awaitDatagrams(relay, 100);
                for (int move = 0; move < MOVES; move++) {
                    relay.rebind();
                    awaitDatagrams(relay, 10 + round);
                }
                assertThat(Arrays.equals(echoed.get(60, TimeUnit.SECONDS).body(), body))
                        .isTrue();
            }

            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
        }
    }
}
