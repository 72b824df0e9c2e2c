package io.lb4j.it.plugins;

import static io.lb4j.it.plugins.Plugged.GET;
import static io.lb4j.it.plugins.Plugged.ask;
import static io.lb4j.it.plugins.Plugged.post;
import static io.lb4j.it.plugins.Plugged.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Filter;
import io.lb4j.spi.Filter.Verdict;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Observer;
import io.lb4j.stats.PluginStatistics;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.time.TimeBound;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Plugins that throw, are late, or hold an event loop. */
final class FailureTest {
    private static final Filter THROWING = Filters.onRequest((exchange, head) -> {
        throw new IllegalStateException("on purpose");
    });

    @Test
    void aPluginThatThrowsCostsItsExchangeOrNothingAsConfigured() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(
                                ProbePlugin.of("open", THROWING),
                                use -> use.failOpen().paths("/open"))
                        .plugin(
                                ProbePlugin.of("closed", THROWING),
                                use -> use.failClosed().paths("/closed"))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse closed = client.send(Plugged.get("/closed")).readResponse();
            RawResponse open = client.send(Plugged.get("/open")).readResponse();

            assertThat(closed.status()).isEqualTo(500);
            assertThat(reason(closed)).isEqualTo("plugin_failed");
            assertThat(open.status()).isEqualTo(200);
            assertThat(Plugged.plugin(lb, "plugins.open").errors()).isEqualTo(1);
            assertThat(Plugged.plugin(lb, "plugins.closed").errors()).isEqualTo(1);
        }
    }

    @Test
    void everyCallbackIsContainedErrorsAndSneakyExceptionsToo() {
        Filter stackOverflow = new Filter() {
            @Override
            public Verdict onRequestData(FilterExchange exchange, BodyPart data, boolean end) {
                data.content().skipBytes(1);
                throw new StackOverflowError("on purpose");
            }

            @Override
            public void onEnd(FilterExchange exchange) {
                throw new IllegalStateException("on purpose");
            }
        };
        ProbePlugin noFilter = ProbePlugin.perExchange("none", exchange -> {
            throw sneaky(new java.io.IOException("on purpose"));
        });
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().echo());
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("data", stackOverflow), use -> use.failOpen())
                        .plugin(noFilter, use -> use.failOpen())
                        .start()) {
            assertThat(ask(lb, post("whole")).text()).isEqualTo("whole");
            await().untilAsserted(() ->
                    assertThat(Plugged.plugin(lb, "plugins.data").errors()).isEqualTo(2));
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // how other languages throw what Java must declare
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @TimeBound
    @Test
    void aPluginThatFailsTooOftenIsTakenOutAndTriedAgain() {
        AtomicBoolean broken = new AtomicBoolean(true);
        AtomicInteger calls = new AtomicInteger();
        Filter filter = Filters.changingRequest((exchange, head) -> {
            calls.incrementAndGet();
            if (broken.get()) {
                throw new IllegalStateException("on purpose");
            }
        });
        List<ControlEvent> events = new CopyOnWriteArrayList<>();
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .observer(listening(events))
                        .plugin(
                                ProbePlugin.of("flaky", filter),
                                use -> use.outAfter(3, Duration.ofMinutes(1)).retryAfter(Duration.ofMillis(300)))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(GET).readResponse().status()).isEqualTo(500);
            }
            RawResponse refused = client.send(GET).readResponse();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(reason(refused)).isEqualTo("plugin_out");
            assertThat(calls).hasValue(3);
            PluginStatistics out = Plugged.plugin(lb, "plugins.flaky");
            assertThat(out.isOut()).isTrue();
            assertThat(out.outages()).isEqualTo(1);

            broken.set(false);
            await().until(() -> client.send(GET).readResponse().status() == 200);
            assertThat(Plugged.plugin(lb, "plugins.flaky").isOut()).isFalse();
            await().untilAsserted(() -> assertThat(events)
                    .containsSubsequence(
                            new ControlEvent.PluginTakenOut(
                                    "plugins.flaky", "it has failed too often", Duration.ofMillis(300)),
                            new ControlEvent.PluginTriedAgain("plugins.flaky")));
        }
    }

    private static Observer listening(List<ControlEvent> events) {
        return new Observer() {
            @Override
            public void onControl(ControlEvent event) {
                events.add(event);
            }
        };
    }

    @Test
    void observersHearOfAPluginThatMissesWhatItDependsOnUntilItEnds() {
        ProbePlugin tokens = ProbePlugin.of("tokens", new Filter() {});
        List<ControlEvent> events = new CopyOnWriteArrayList<>();
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .observer(listening(events))
                        .plugin(tokens)
                        .start()) {
            tokens.context().dependency("keys").troubled("away");
            await().untilAsserted(() ->
                    assertThat(events).contains(new ControlEvent.PluginDegraded("plugins.tokens", "keys", "away")));
            assertThat(Plugged.plugin(lb, "plugins.tokens").isDegraded()).isTrue();

            lb.update(Plugged.before(upstream).configuration());
            await().until(() -> tokens.closes() == 1);
            tokens.context().dependency("store").troubled("closed");
            lb.update(Plugged.before(upstream).configuration());
            await().until(() -> events.contains(new ControlEvent.ConfigurationApplied(3)));
            assertThat(events)
                    .filteredOn(ControlEvent.PluginDegraded.class::isInstance)
                    .hasSize(1);
        }
    }

    @Test
    void exchangesGoOnWithoutAPluginThatIsOutWhereItFailsOpen() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(
                                ProbePlugin.of("flaky", THROWING),
                                use -> use.failOpen().outAfter(1, Duration.ofMinutes(1)))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            }
            assertThat(Plugged.plugin(lb, "plugins.flaky").calls()).isEqualTo(1);
        }
    }

    @Test
    void aPauseIsResumedFromAnywhereAlsoFromWithinTheCallback() {
        Filter elsewhere = Filters.onRequest((exchange, head) -> {
            Filters.elsewhere(() -> {
                head.fields(); // what takes time happens here
                exchange.resumeRequest();
                exchange.resumeRequest();
            });
            return Verdict.PAUSE;
        });
        Filter atOnce = Filters.onRequest((exchange, head) -> {
            exchange.resumeRequest();
            return Verdict.PAUSE;
        });
        Filter onResponse = Filters.onResponse((exchange, head) -> {
            exchange.eventLoop().execute(exchange::resumeResponse);
            return Verdict.PAUSE;
        });
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().echo());
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("elsewhere", elsewhere))
                        .plugin(ProbePlugin.of("at-once", atOnce))
                        .plugin(ProbePlugin.of("response", onResponse))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.send(post("body" + i)).readResponse().text()).isEqualTo("body" + i);
            }
            assertThat(Plugged.plugin(lb, "plugins.at-once").timeouts()).isZero();
        }
    }

    @Test
    void twoFiltersThatPauseAtOnceBothHaveToResume() {
        List<FilterExchange> paused = new CopyOnWriteArrayList<>();
        Filter pausing = Filters.onRequest((exchange, head) -> {
            paused.add(exchange);
            return Verdict.PAUSE;
        });
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().echo());
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("a", pausing))
                        .plugin(ProbePlugin.of("b", pausing))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            client.send(post("body"));
            await().until(() -> paused.size() == 1);
            paused.get(0).resumeRequest();
            await().until(() -> paused.size() == 2);
            paused.get(0).resumeRequest(); // means nothing any longer
            assertThat(upstream.requestCount()).isZero();
            paused.get(1).resumeRequest();

            assertThat(client.readResponse().text()).isEqualTo("body");
        }
    }

    @Test
    void aPauseThatIsNotResumedEndsAsConfigured() {
        Filter pausing = Filters.onRequest((exchange, head) -> Verdict.PAUSE);
        Filter pausingResponse = Filters.onResponse((exchange, head) -> Verdict.PAUSE);
        Duration soon = Duration.ofMillis(50);
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "body"));
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(
                                ProbePlugin.of("closed", pausing),
                                use -> use.timeout(soon).paths("/closed"))
                        .plugin(
                                ProbePlugin.of("open", pausing),
                                use -> use.timeout(soon).failOpen().paths("/open"))
                        .plugin(
                                ProbePlugin.of("back", pausingResponse),
                                use -> use.timeout(soon).paths("/back"))
                        .plugin(
                                ProbePlugin.of("back-open", pausingResponse),
                                use -> use.timeout(soon).failOpen().paths("/back-open"))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse closed = client.send(Plugged.get("/closed")).readResponse();
            assertThat(closed.status()).isEqualTo(504);
            assertThat(reason(closed)).isEqualTo("plugin_timeout");
            assertThat(client.send(Plugged.get("/open")).readResponse().text()).isEqualTo("body");
            assertThat(client.send(Plugged.get("/back")).readResponse().status())
                    .isEqualTo(504);
            assertThat(client.send(Plugged.get("/back-open")).readResponse().text())
                    .isEqualTo("body");
            assertThat(Plugged.plugin(lb, "plugins.open").timeouts()).isEqualTo(1);
        }
    }

    @Test
    void aReplyAfterAPauseAnswersAndASecondOneIsVoid() {
        Filter replying = Filters.onRequest((exchange, head) -> {
            Filters.elsewhere(() -> {
                exchange.reply(Filters.status(403), Filters.text("no"));
                exchange.reply(Filters.status(200), Filters.text("yes"));
            });
            return Verdict.PAUSE;
        });
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("gate", replying))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            for (int i = 0; i < 10; i++) {
                RawResponse response = client.send(post("body")).readResponse();
                assertThat(response.status()).isEqualTo(403);
                assertThat(response.text()).isEqualTo("no");
            }
            assertThat(upstream.requestCount()).isZero();
        }
    }

    @Test
    void aPluginThatHoldsAnEventLoopIsTakenOutWhileItHolds() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        Filter blocking = Filters.changingRequest((exchange, head) -> {
            try {
                release.await(100, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(
                                ProbePlugin.of("blocking", blocking),
                                use -> use.failOpen().blockLimit(Duration.ofMillis(300)))
                        .start();
                RawClient blocked = RawClient.connect(lb.port())) {
            blocked.send(GET);
            await().until(() -> Plugged.plugin(lb, "plugins.blocking").calls() == 1);
            long beganNanos = System.nanoTime();
            await().pollInterval(Duration.ofMillis(10))
                    .until(() -> Plugged.plugin(lb, "plugins.blocking").isOut());

            // Within a second where the machine keeps up, which nobody promises.
            assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isLessThan(Duration.ofSeconds(10));
            assertThat(Plugged.plugin(lb, "plugins.blocking").blocks()).isEqualTo(1);
            release.countDown();
            assertThat(blocked.readResponse().status()).isEqualTo(200);
            assertThat(ask(lb, GET).status()).isEqualTo(200);
            assertThat(Plugged.plugin(lb, "plugins.blocking").calls()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatLeavesEndsAPausedExchange() {
        AtomicInteger ends = new AtomicInteger();
        Filter pausing = new Filter() {
            @Override
            public Verdict onRequestHead(FilterExchange exchange, io.lb4j.http.RequestHead head, boolean end) {
                return Verdict.PAUSE;
            }

            @Override
            public void onEnd(FilterExchange exchange) {
                ends.incrementAndGet();
            }
        };
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("pause", pausing))
                        .start()) {
            try (RawClient client = RawClient.connect(lb.port())) {
                client.send(GET);
                await().until(() -> Plugged.plugin(lb, "plugins.pause").calls() == 1);
                client.abort();
            }
            await().untilAsserted(() -> assertThat(ends).hasValue(1));
        }
    }
}
