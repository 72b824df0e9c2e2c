package io.lb4j.it.plugins;

import static io.lb4j.it.plugins.Plugged.GET;
import static io.lb4j.it.plugins.Plugged.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Dial;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Answers in an endpoint's place, and what they leave of the endpoint. */
final class ReplyTest {
    private static final int LARGE = 64 * 1024 * 1024;

    private static ScriptedUpstream upstream() {
        return ScriptedUpstream.start(script -> script.onAny().answer(200, "upstream"));
    }

    /** Counts what goes by of the response's body, which waits at every piece where it is to. */
    private static final class Counting implements Filter {
        private final AtomicInteger octets;
        private final boolean pauses;

        Counting(AtomicInteger octets, boolean pauses) {
            this.octets = octets;
            this.pauses = pauses;
        }

        @Override
        public Verdict onResponseData(FilterExchange exchange, BodyPart data, boolean end) {
            octets.addAndGet(data.content().readableBytes());
            if (!pauses) {
                return Verdict.CONTINUE;
            }
            exchange.eventLoop().execute(exchange::resumeResponse);
            return Verdict.PAUSE;
        }
    }

    private static LoadBalancer replying(ScriptedUpstream upstream, ByteBuf body, Filter before) {
        return Plugged.before(upstream)
                .plugin(ProbePlugin.of("a-before", before))
                .plugin(ProbePlugin.of(
                        "b-reply",
                        Filters.changingRequest(
                                (exchange, head) -> exchange.reply(Filters.status(200), body.retainedDuplicate()))))
                .start();
    }

    @Test
    void aLargeBodyGoesOutAsTheClientTakesIt() {
        AtomicInteger octets = new AtomicInteger();
        ByteBuf body = Unpooled.wrappedBuffer(new byte[LARGE]);
        try (ScriptedUpstream upstream = upstream();
                LoadBalancer lb = replying(upstream, body, new Counting(octets, false));
                RawClient client = RawClient.connect(Dial.to(lb.port()).receiveBuffer(64 * 1024))) {
            client.send(GET).readHead();
            await().during(Duration.ofMillis(200))
                    .atMost(Duration.ofSeconds(60))
                    .until(octets::get, seen -> seen < LARGE / 2);
            client.skip(LARGE);
            assertThat(octets.get()).isEqualTo(LARGE);
        }
        assertThat(body.refCnt()).isEqualTo(1);
        body.release();
    }

    @Test
    void aClientThatGoesLeavesNothingBehind() {
        ByteBuf body = Unpooled.wrappedBuffer(new byte[LARGE]);
        try (ScriptedUpstream upstream = upstream();
                LoadBalancer lb = replying(upstream, body, new Counting(new AtomicInteger(), false))) {
            try (RawClient client = RawClient.connect(lb.port())) {
                client.send(GET).readHead();
                client.abort();
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> body.refCnt() == 1);
        }
        body.release();
    }

    @Test
    void piecesStayInOrderBehindAFilterThatPauses() {
        byte[] octets = new byte[1_000_000];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) ('a' + i / 10_000 % 26);
        }
        ByteBuf body = Unpooled.wrappedBuffer(octets);
        try (ScriptedUpstream upstream = upstream();
                LoadBalancer lb = replying(upstream, body, new Counting(new AtomicInteger(), true))) {
            assertThat(ask(lb, GET).body().bytes()).isEqualTo(octets);
        }
        body.release();
    }

    @Test
    void anEndpointWhoseFailuresAreHiddenIsEjectedAllTheSame() {
        try (ScriptedUpstream good = upstream();
                ScriptedUpstream bad =
                        ScriptedUpstream.start(script -> script.onAny().answer(503));
                LoadBalancer lb = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0))
                        .cluster(
                                "api",
                                cluster -> cluster.endpoint("127.0.0.1", good.port())
                                        .endpoint("127.0.0.1", bad.port())
                                        .ejection(ejection -> ejection.consecutiveFailures(3)))
                        .route("all", route -> route.path("/**").to("api"))
                        .plugin(ProbePlugin.of("page", Filters.changingResponse(ReplyTest::hide)))
                        .start()) {
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                assertThat(ask(lb, GET).status()).isEqualTo(200);
                return Plugged.cluster(lb, "api").endpoints().values().stream().anyMatch(EndpointStatistics::isEjected);
            });
        }
    }

    private static void hide(FilterExchange exchange, ResponseHead head) {
        if (head.status() == 503) {
            exchange.reply(new ResponseHead().status(200), Filters.text("in its place"));
        }
    }

    @Test
    void aPluginLearnsHowItsRouteWouldForwardARequest() {
        AtomicReference<Optional<ClusterRequest>> before = new AtomicReference<>(Optional.empty());
        AtomicReference<Optional<ClusterRequest>> after = new AtomicReference<>(Optional.empty());
        Filter asking = new Filter() {
            @Override
            public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                before.set(exchange.forwarded());
                return Verdict.CONTINUE;
            }

            @Override
            public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
                after.set(exchange.forwarded());
                return Verdict.CONTINUE;
            }
        };
        try (ScriptedUpstream upstream = upstream();
                LoadBalancer lb = Plugged.before(upstream)
                        .route(
                                "app",
                                route -> route.path("/app/**")
                                        .to("api")
                                        .rewrite(rewrite -> rewrite.prefix("/").host("inner")))
                        .route("fixed", route -> route.path("/fixed").respond(204))
                        .plugin(ProbePlugin.of("asking", asking))
                        .start()) {
            ask(lb, Plugged.get("/app/a?b"));
            ClusterRequest request = before.get().orElseThrow();
            assertThat(request.cluster()).isEqualTo("api");
            assertThat(request.head().target()).isEqualTo("/a?b");
            assertThat(request.head().authority()).isEqualTo("inner");
            assertThat(request.head().fields().value("x-forwarded-for")).contains("127.0.0.1");
            assertThat(request.head().fields().value("x-forwarded-host")).contains("a");
            assertThat(after.get()).isEmpty();
            assertThat(Objects.requireNonNull(upstream.requests().get(0)).target())
                    .isEqualTo("/a?b");
            ask(lb, Plugged.get("/fixed"));
            assertThat(before.get()).isEmpty();
        }
    }

    @Test
    void aBodyThatOnlyItsConnectionEndsSaysSo() {
        AtomicReference<String> seen = new AtomicReference<>("");
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/until").answer(Answer.status(200).body("a").untilClose());
                    script.on("/chunked").answer(Answer.status(200).body("a").chunked());
                    script.onAny().answer(Answer.status(200).body("a"));
                });
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of(
                                "p",
                                Filters.changingResponse(
                                        (exchange, head) -> seen.set(seen.get() + head.isUntilClose() + " "))))
                        .start()) {
            ask(lb, Plugged.get("/until"));
            ask(lb, Plugged.get("/chunked"));
            ask(lb, Plugged.get("/length"));
            ask(lb, "HEAD /until HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(seen.get()).isEqualTo("true false false false ");
        }
    }
}
