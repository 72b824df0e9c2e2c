package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.testkit.time.TimeBound;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Connections that have been idle, and whose endpoint may have vanished meanwhile. */
@TimeBound
class ProbeTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void theFirstRequestAfterAWhileCarriesAPing() {
        try (EmbeddedClient client = client(Duration.ofNanos(1), LONG)) {
            client.get("/");
            assertThat(client.endpoint().received(FrameType.PING)).hasSize(1);
            client.get("/");
            assertThat(client.endpoint().received(FrameType.PING)).hasSize(1);
        }
    }

    @Test
    void aConnectionThatWasBusyAMomentAgoIsNotTried() {
        try (EmbeddedClient client = client(LONG, LONG)) {
            client.get("/");
            assertThat(client.endpoint().received(FrameType.PING)).isEmpty();
        }
    }

    @Test
    void whoSaysNothingInTimeIsLost() {
        try (EmbeddedClient client = client(Duration.ofNanos(1), Duration.ofMillis(50))) {
            Heard heard = client.get("/");
            await().until(() -> {
                client.endpoint().runTasks();
                return client.closings() == 1;
            });
            assertThat(heard.failure()).isNotNull();
            assertThat(heard.reason().kind()).isEqualTo(Kind.UPSTREAM_CLOSED);
            assertThat(heard.reason().delivery()).isEqualTo(Delivery.UNKNOWN);
        }
    }

    @Test
    void anythingAtAllIsASignOfLife() {
        try (EmbeddedClient client = client(Duration.ofNanos(1), Duration.ofMillis(50))) {
            Heard heard = client.get("/");
            client.send(Frames.settings());
            await().during(Duration.ofMillis(150)).until(() -> {
                client.endpoint().runTasks();
                return client.closings() == 0;
            });
            assertThat(heard.failures()).isZero();
        }
    }

    private static EmbeddedClient client(Duration idle, Duration answer) {
        return new EmbeddedClient(Http2Limits.defaults().with(new Http2Limits.Probe(idle, answer))).greeted();
    }
}
