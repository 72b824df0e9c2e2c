package io.lb4j.it.plugins;

import static io.lb4j.it.plugins.Plugged.ask;
import static io.lb4j.it.plugins.Plugged.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.LoadBalancer;
import io.lb4j.spi.Tap;
import io.lb4j.stats.ExchangeSample;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TapTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void showsTheExchangesThatAreWantedWithTheirFieldsButNoCredentials() throws InterruptedException {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).start();
                Tap tap = lb.actions().tap(access -> access.request().path().equals("/wanted"), 100)) {
            ask(lb, get("/other"));
            ask(lb, "GET /wanted HTTP/1.1\r\nHost: a\r\nAuthorization: Basic c2VjcmV0\r\nX-Seen: yes\r\n\r\n");

            ExchangeSample sample = tap.next(SOON).orElseThrow();
            assertThat(sample.access().request().path()).isEqualTo("/wanted");
            assertThat(sample.access().response().status()).isEqualTo(200);
            assertThat(sample.requestFields()).contains("x-seen: yes").doesNotContain("c2VjcmV0");
            assertThat(sample.responseFields()).contains("content-length: 0");
            assertThat(tap.next(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void takesNoMoreThanItsRateAndCountsWhatItMissed() throws InterruptedException {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).start();
                Tap tap = lb.actions().tap(access -> true, 1);
                RawClient client = RawClient.connect(lb.port())) {
            for (int i = 0; i < 50; i++) {
                client.send(get("/" + i)).readResponse();
            }
            List<String> paths = new ArrayList<>();
            tap.next(SOON)
                    .ifPresent(sample -> paths.add(sample.access().request().path()));
            assertThat(paths).containsExactly("/0");
            assertThat(tap.missed()).isPositive();
        }
    }

    @Test
    void aFilterThatThrowsAndOneThatIsClosedTakeNothing() throws InterruptedException {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).start()) {
            Tap broken = lb.actions()
                    .tap(
                            access -> {
                                throw new IllegalStateException("on purpose");
                            },
                            10);
            Tap closed = lb.actions().tap(access -> true, 10);
            closed.close();
            Tap last = lb.actions().tap(access -> true, 10);
            ask(lb, get("/"));

            assertThat(last.next(SOON)).isPresent();
            assertThat(broken.next(Duration.ZERO)).isEmpty();
            assertThat(closed.next(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void isBoundedInRateAndNumber() {
        try (LoadBalancer lb = Plugged.before(1).start()) {
            assertThatThrownBy(() -> lb.actions().tap(access -> true, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1..10000");
            for (int i = 0; i < 16; i++) {
                lb.actions().tap(access -> true, 1);
            }
            assertThatThrownBy(() -> lb.actions().tap(access -> true, 1)).isInstanceOf(IllegalStateException.class);
        }
    }
}
