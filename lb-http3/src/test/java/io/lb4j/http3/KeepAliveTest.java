package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.time.TimeBound;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Connections to endpoints that are silent while requests are open. */
@TimeBound
final class KeepAliveTest {
    private static final int RESERVED_FRAME = 0x40;
    /** Three come in each idle time, so that these take longer than one. */
    private static final int LONGER_THAN_IDLE = 5;

    private static H3Exchange begin(H3Exchange request) {
        return request.fields(List.of(Map.entry(":status", "200"))).data("begun ".getBytes(UTF_8));
    }

    private static H3Endpoint silentWhileFramesCome(int endpointIdleMillis) {
        H3Endpoint[] itself = new H3Endpoint[1];
        itself[0] = H3Endpoint.start(more -> more.maxIdleTimeout(endpointIdleMillis), (request, head) -> {
            begin(request);
            for (int i = 0; i < LONGER_THAN_IDLE; i++) {
                assertThat(itself[0].nextControl(RESERVED_FRAME).payload()).isEmpty();
            }
            request.data("and done".getBytes(UTF_8)).end();
        });
        return itself[0];
    }

    private static RawResponse ask(LoadBalancer balancer) {
        try (RawClient client = RawClient.connect(balancer.port())) {
            return client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").readResponse();
        }
    }

    private static LoadBalancer before(H3Endpoint endpoint, Http3Upstream http3) {
        return UpstreamTest.before(endpoint.port(), http3).start();
    }

    @Test
    void aSilentEndpointKeepsItsConnectionWhileARequestIsOpen() {
        try (H3Endpoint endpoint = silentWhileFramesCome(60_000);
                LoadBalancer balancer =
                        before(endpoint, Http3Upstream.of(http3 -> http3.maxIdleTimeout(Duration.ofSeconds(1))))) {
            assertThat(ask(balancer).text()).isEqualTo("begun and done");
            assertThat(FiguresTest.upstreamFigure(balancer, Figure.STREAMS_RESET))
                    .isZero();
        }
    }

    @Test
    void theEndpointsIdleTimeCountsWhereItIsShorter() {
        try (H3Endpoint endpoint = silentWhileFramesCome(1_000);
                LoadBalancer balancer = before(endpoint, Http3Upstream.defaults())) {
            assertThat(ask(balancer).text()).isEqualTo("begun and done");
            assertThat(FiguresTest.upstreamFigure(balancer, Figure.STREAMS_RESET))
                    .isZero();
        }
    }

    @Test
    void noConnectionIsKeptWhereTheConfigurationSaysSo() {
        try (H3Endpoint endpoint = H3Endpoint.start((request, head) -> begin(request));
                LoadBalancer balancer = before(
                        endpoint,
                        Http3Upstream.of(http3 ->
                                http3.maxIdleTimeout(Duration.ofSeconds(1)).keepAlive(false)))) {
            RawResponse answer = ask(balancer);

            assertThat(answer.wasTruncated()).as("%s", answer).isTrue();
            assertThat(FiguresTest.upstreamFigure(balancer, Figure.CONNECTIONS_TIMED_OUT))
                    .isEqualTo(1);
        }
    }
}
