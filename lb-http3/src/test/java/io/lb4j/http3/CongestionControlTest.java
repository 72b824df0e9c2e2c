package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What bounds the octets under way: each choice carries bodies, over a network that loses some. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class CongestionControlTest {
    private static final int OCTETS = 2_000_000;

    @ParameterizedTest
    @EnumSource
    void bodiesArriveWhole(CongestionControl control) {
        byte[] body = new byte[OCTETS];
        new Random(5).nextBytes(body);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.keepBodies(OCTETS).onAny().echo());
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.congestionControl(control)));
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
                H3Client client = H3Client.connect(relay.port())) {
            relay.impair(
                    Impairment.none().delay(Duration.ofMillis(5)).loss(0.01).seed(11));
            H3Answer answer = client.post("/", body);

            assertThat(answer.isWhole()).isTrue();
            assertThat(answer.body()).isEqualTo(body);
            assertThat(relay.lost()).isPositive();
            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
        }
    }
}
