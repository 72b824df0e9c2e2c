package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How much of a response lies in the balancer when the client grants far more than the path carries. */
final class SendingAheadTest {
    private static final int BODY_OCTETS = 6_000_000;

    /** Counts what goes on to the client. */
    private static final class Counter implements Plugin {
        private final AtomicLong passed = new AtomicLong();

        @Override
        public String name() {
            return "counter";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Filter filter(FilterExchange made) {
            return new Filter() {
                @Override
                public Verdict onResponseData(FilterExchange exchange, BodyPart data, boolean end) {
                    passed.addAndGet(data.content().readableBytes());
                    return Verdict.CONTINUE;
                }
            };
        }
    }

    @Test
    void whatAClientGrantsBeyondWhatThePathCarriesStaysWithTheEndpoint() throws Exception {
        Counter counter = new Counter();
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).payload(BODY_OCTETS)));
                Edge edge = Edge.before(
                        upstream, Http3.defaults(), listener -> {}, builder -> builder.plugin(counter, use -> {}));
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
                H3Client client =
                        H3Client.connect(relay.port(), builder -> builder.defaultStreamReceiveBufferSize(1L << 28))) {
            relay.impair(
                    Impairment.none().delay(Duration.ofMillis(2)).loss(0.03).seed(7));
            H3Exchange exchange = client.open().head("GET", "/").end();
            exchange.next();
            long received = 0;
            long most = 0;
            while (received < BODY_OCTETS) {
                received += exchange.next().payload().length;
                most = Math.max(most, counter.passed.get() - received);
            }
            assertThat(most).isLessThan(700_000);
        }
    }
}
