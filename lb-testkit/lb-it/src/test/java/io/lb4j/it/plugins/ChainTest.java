package io.lb4j.it.plugins;

import static io.lb4j.it.plugins.Plugged.GET;
import static io.lb4j.it.plugins.Plugged.ask;
import static io.lb4j.it.plugins.Plugged.get;
import static io.lb4j.it.plugins.Plugged.post;
import static io.lb4j.it.plugins.Plugged.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.http.RequestHead;
import io.lb4j.spi.Filter;
import io.lb4j.spi.Filter.Verdict;
import io.lb4j.spi.FilterExchange;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which plugins an exchange goes through, and in which order. */
final class ChainTest {
    @Test
    void aPluginChangesRequestAndResponse() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(Filters.tracing("probe"))
                        .start()) {
            RawResponse response = ask(lb, GET);

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers().all("x-out")).containsExactly("probe");
            assertThat(upstream.awaitRequest().headers().all("x-in")).containsExactly("probe");
        }
    }

    @Test
    void allPlacesMakeOneChainByPriorityAndThenName() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = LoadBalancer.builder()
                        .listener(
                                "main",
                                listener -> listener.port(0)
                                        .plugin(Filters.tracing("d"))
                                        .plugin(Filters.tracing("b"), use -> use.priority(5)))
                        .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                        .route("all", route -> route.path("/**").to("api").plugin(Filters.tracing("c")))
                        .plugin(Filters.tracing("e"))
                        .plugin(Filters.tracing("a"), use -> use.priority(-1))
                        .start()) {
            RawResponse response = ask(lb, GET);

            assertThat(upstream.awaitRequest().headers().all("x-in")).containsExactly("b", "c", "d", "e", "a");
            assertThat(response.headers().all("x-out")).containsExactly("a", "e", "d", "c", "b");
        }
    }

    @Test
    void aNarrowerPlaceReplacesAPluginOfTheSameNameOrLeavesItOut() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(Filters.tracing("wide"), use -> use.name("auth"))
                        .plugin(Filters.tracing("log"))
                        .route(
                                "own",
                                route -> route.path("/own")
                                        .to("api")
                                        .plugin(Filters.tracing("narrow"), use -> use.name("auth")))
                        .route("none", route -> route.path("/none").to("api").withoutPlugin("auth"))
                        .start()) {
            assertThat(ask(lb, get("/")).headers().all("x-out")).containsExactly("log", "wide");
            assertThat(ask(lb, get("/own")).headers().all("x-out")).containsExactly("log", "narrow");
            assertThat(ask(lb, get("/none")).headers().all("x-out")).containsExactly("log");
        }
    }

    @Test
    void aListenersPluginsAreForWhatComesByIt() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .listener("second", listener -> listener.port(0).plugin(Filters.tracing("second")))
                        .start();
                RawClient other = RawClient.connect(lb.address("second").getPort())) {
            assertThat(ask(lb, GET).headers().contains("x-out")).isFalse();
            assertThat(other.send(GET).readResponse().headers().all("x-out")).containsExactly("second");
        }
    }

    @Test
    void pathsAndMethodsLimitAPlugin() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(Filters.tracing("one"), use -> use.paths("/api/v1/*"))
                        .plugin(
                                Filters.tracing("deep"),
                                use -> use.paths("/api/**").methods("POST", "GET"))
                        .plugin(Filters.tracing("post"), use -> use.methods("POST"))
                        .start()) {
            assertThat(ask(lb, get("/api/v1/users?x=/")).headers().all("x-out")).containsExactly("one", "deep");
            assertThat(ask(lb, get("/api/v1/users/7")).headers().all("x-out")).containsExactly("deep");
            assertThat(ask(lb, get("/apix")).headers().contains("x-out")).isFalse();
            assertThat(ask(lb, post("")).headers().all("x-out")).containsExactly("post");
        }
    }

    @Test
    void aDisabledPluginIsNotEvenInitialised() {
        ProbePlugin plugin = Filters.tracing("off");
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(plugin, use -> use.enabled(false))
                        .start()) {
            assertThat(ask(lb, GET).headers().contains("x-out")).isFalse();
            assertThat(plugin.inits()).isZero();
        }
    }

    @Test
    void aReplyGoesOutThroughTheFiltersThatWereEnteredAndNoOther() {
        ProbePlugin replying = ProbePlugin.of("gate", Filters.onRequest((exchange, head) -> {
            exchange.reply(Filters.status(401), Filters.text("no"));
            return Verdict.CONTINUE;
        }));
        List<String> ends = new CopyOnWriteArrayList<>();
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(Filters.tracing("first"), use -> use.priority(10))
                        .plugin(replying, use -> use.priority(5))
                        .plugin(Filters.tracing("never"))
                        .plugin(ending("ends", ends), use -> use.priority(7))
                        .plugin(ending("not", ends), use -> use.priority(1))
                        .start()) {
            RawResponse response = ask(lb, GET);

            assertThat(response.status()).isEqualTo(401);
            assertThat(response.text()).isEqualTo("no");
            assertThat(response.headers().all("x-out")).containsExactly("first");
            assertThat(upstream.requestCount()).isZero();
            await().untilAsserted(() -> assertThat(ends).containsExactly("ends"));
            assertThat(Plugged.plugin(lb, "plugins.gate").shortCircuits()).isEqualTo(1);
        }
    }

    private static ProbePlugin ending(String name, List<String> ends) {
        return ProbePlugin.of(name, new Filter() {
            @Override
            public void onEnd(FilterExchange exchange) {
                ends.add(name);
            }
        });
    }

    @Test
    void aReplyToHeadHasNoBody() {
        ProbePlugin replying = ProbePlugin.of(
                "gate",
                Filters.changingRequest((exchange, head) -> exchange.reply(Filters.status(200), Filters.text("body"))));
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).plugin(replying).start();
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse response =
                    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse("HEAD");

            assertThat(response.headers().first("content-length")).contains("4");
            assertThat(client.send(GET).readResponse().text()).isEqualTo("body");
        }
    }

    @Test
    void aFailureIsAnsweredThroughTheFiltersThatWereEntered() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            upstream.stopListening();
            try (LoadBalancer lb =
                    Plugged.before(upstream).plugin(Filters.tracing("cors")).start()) {
                RawResponse response = ask(lb, GET);

                assertThat(response.status()).isEqualTo(502);
                assertThat(response.headers().all("x-out")).containsExactly("cors");
                assertThat(response.text()).contains("502");
            }
        }
    }

    @Test
    void aFilterPutsAPageInPlaceOfAFailureOrOfAResponse() {
        ProbePlugin pages = ProbePlugin.of("pages", Filters.changingResponse((exchange, head) -> {
            if (head.status() >= 500) {
                exchange.reply(Filters.status(503), Filters.text("sorry"));
            }
        }));
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(500, "a long text of the endpoint's"));
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(pages, use -> use.priority(-1))
                        .plugin(Filters.tracing("outer"))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            for (int i = 0; i < 2; i++) {
                RawResponse response = client.send(GET).readResponse();
                assertThat(response.status()).isEqualTo(503);
                assertThat(response.text()).isEqualTo("sorry");
                assertThat(response.headers().all("x-out")).containsExactly("outer");
            }
        }
    }

    @Test
    void requestFiltersRunOnceWhileRetriesReplayTheirOutputAndResponseFiltersSeeTheLastTry() {
        AtomicInteger requests = new AtomicInteger();
        AtomicInteger responses = new AtomicInteger();
        ProbePlugin counting = ProbePlugin.of("count", new Filter() {
            @Override
            public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                head.fields().add("x-try", Integer.toString(requests.incrementAndGet()));
                return Verdict.CONTINUE;
            }

            @Override
            public Verdict onResponseHead(FilterExchange exchange, io.lb4j.http.ResponseHead head, boolean end) {
                responses.incrementAndGet();
                return Verdict.CONTINUE;
            }
        });
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.onAny().times(1).answer(503);
                    script.onAny().answer(200, "at last");
                });
                LoadBalancer lb = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0))
                        .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                        .route(route -> route.path("/**")
                                .to("api")
                                .retry(retry -> retry.statuses("503").backoffBase(Duration.ofMillis(1))))
                        .plugin(counting)
                        .start()) {
            assertThat(ask(lb, GET).text()).isEqualTo("at last");

            assertThat(upstream.awaitRequests(2))
                    .allSatisfy(request ->
                            assertThat(request.headers().all("x-try")).containsExactly("1"));
            assertThat(responses).hasValue(1);
        }
    }

    @Test
    void aClearedRouteIsChosenAnewOnce() {
        List<String> complaints = new CopyOnWriteArrayList<>();
        ProbePlugin moving = ProbePlugin.of("move", Filters.changingRequest((exchange, head) -> {
            head.target("/other");
            exchange.clearRoute();
            try {
                exchange.clearRoute();
            } catch (IllegalStateException e) {
                complaints.add(exchange.route().orElse("none"));
            }
        }));
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .route("other", route -> route.path("/other").respond(207))
                        .plugin(moving)
                        .start()) {
            assertThat(ask(lb, GET).status()).isEqualTo(207);
            assertThat(complaints).containsExactly("other");
        }
    }

    @Test
    void aClearedRouteThatMatchesNothingIsAnsweredThroughTheChain() {
        ProbePlugin moving = ProbePlugin.of("move", Filters.changingRequest((exchange, head) -> {
            head.authority("elsewhere");
            exchange.clearRoute();
        }));
        try (LoadBalancer lb = LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .route(route -> route.host("a").respond(200))
                .plugin(moving)
                .plugin(Filters.tracing("outer"), use -> use.priority(1))
                .start()) {
            RawResponse response = ask(lb, GET);

            assertThat(response.status()).isEqualTo(404);
            assertThat(response.headers().all("x-out")).containsExactly("outer");
        }
    }

    @Test
    void afterTheEndCallsAreVoidAndHeadsAreGone() {
        List<FilterExchange> kept = new CopyOnWriteArrayList<>();
        ProbePlugin keeping = ProbePlugin.of("keep", Filters.changingRequest((exchange, head) -> kept.add(exchange)));
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).plugin(keeping).start();
                RawClient client = RawClient.connect(lb.port())) {
            client.send(GET).readResponse();
            FilterExchange ended = kept.get(0);
            await().until(() -> isGone(ended));
            ended.resumeRequest();
            ended.resumeResponse();
            ended.reply(Filters.status(500), Filters.text("late"));
            ended.reply(Filters.status(500), Unpooled.EMPTY_BUFFER);

            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
        }
    }

    private static boolean isGone(FilterExchange exchange) {
        try {
            exchange.request();
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void configurationsWithTheSamePluginsAreEqual() {
        ProbePlugin plugin = Filters.tracing("same");
        assertThat(configured(plugin, 1).configuration())
                .isEqualTo(configured(plugin, 1).configuration())
                .isNotEqualTo(configured(plugin, 2).configuration());
    }

    private static LoadBalancerBuilder configured(ProbePlugin plugin, int limit) {
        return Plugged.before(1).plugin(plugin, use -> use.config(java.util.Map.of("limit", limit)));
    }

    @Test
    void aReasonSaysThatThePluginFailed() {
        ProbePlugin broken = ProbePlugin.of("broken", Filters.onRequest((exchange, head) -> {
            throw new IllegalStateException("on purpose");
        }));
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).plugin(broken).start()) {
            RawResponse response = ask(lb, GET);

            assertThat(response.status()).isEqualTo(500);
            assertThat(reason(response)).isEqualTo("plugin_failed");
            assertThat(upstream.requestCount()).isZero();
        }
    }
}
