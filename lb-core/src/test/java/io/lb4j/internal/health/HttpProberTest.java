package io.lb4j.internal.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.http.Method;
import io.lb4j.internal.health.HttpCheck.StatusRange;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.model.Endpoint;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.Script;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.ReservedPort;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class HttpProberTest {
    private static final MultiThreadIoEventLoopGroup GROUP =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final HttpCheck HEALTHZ = HttpCheck.get("/healthz");

    private final NettyHttpConnector connector = new NettyHttpConnector();
    private final LoopContext loop = new LoopContext(GROUP.next(), 0);

    @AfterAll
    static void closeLoops() {
        GROUP.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Prober prober(HttpCheck check) {
        return new HttpProber(new HttpProber.Question(check, "http", connector), () -> loop);
    }

    private Prober.Result probe(HttpCheck check, Consumer<Script> script) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script)) {
            CompletableFuture<Prober.Result> result = new CompletableFuture<>();
            prober(check).begin(Endpoint.of("127.0.0.1", upstream.port()), result::complete);
            return result.get(30, TimeUnit.SECONDS);
        } finally {
            await().until(() -> connector.open() == 0);
        }
    }

    private static HttpCheck expecting(String content) {
        return new HttpCheck(
                Method.GET, "/", Optional.empty(), List.of(new StatusRange(200, 200)), Optional.of(content));
    }

    @Test
    void passesAnAnswerThatIsExpected() throws Exception {
        assertThat(probe(HEALTHZ, script -> script.on("/healthz").answer(204)))
                .isEqualTo(Prober.Result.passed("status 204"));
    }

    @Test
    void failsAnAnswerThatIsNot() throws Exception {
        assertThat(probe(HEALTHZ, script -> script.onAny().answer(503)))
                .isEqualTo(Prober.Result.failed("status 503 (expected: [200..299])"));
    }

    @Test
    void asksAsItIsTold() throws Exception {
        HttpCheck check = new HttpCheck(
                Method.HEAD,
                "/up?deep=1",
                Optional.of("api.example.com"),
                List.of(new StatusRange(200, 200)),
                Optional.empty());
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            CompletableFuture<Prober.Result> result = new CompletableFuture<>();
            prober(check).begin(Endpoint.of("127.0.0.1", upstream.port()), result::complete);
            RecordedRequest request = upstream.awaitRequest();

            assertThat(request.method()).isEqualTo("HEAD");
            assertThat(request.target()).isEqualTo("/up?deep=1");
            assertThat(request.headers().all("host")).containsExactly("api.example.com");
            assertThat(result.get(30, TimeUnit.SECONDS).passed()).isTrue();
        }
    }

    @Test
    void asksForTheEndpointsOwnAddressByDefault() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            prober(HEALTHZ).begin(Endpoint.of("127.0.0.1", upstream.port()), result -> {});

            assertThat(upstream.awaitRequest().headers().all("host")).containsExactly("127.0.0.1:" + upstream.port());
        }
    }

    @Test
    void findsContentThatComesInPieces() throws Exception {
        assertThat(probe(
                                expecting("größe: ok"),
                                script -> script.onAny()
                                        .answer(Answer.status(200)
                                                .body("{größe: ok}")
                                                .chunked()
                                                .inPieces(1, Duration.ZERO)))
                        .passed())
                .isTrue();
    }

    @Test
    void failsAnAnswerWithoutTheContent() throws Exception {
        assertThat(probe(expecting("status: up"), script -> script.onAny().answer(200, "status: down")))
                .isEqualTo(Prober.Result.failed("status 200 without the content that is expected"));
    }

    @Test
    void looksForContentWithinTheFirst64KiB() throws Exception {
        String justWithin = "x".repeat(64 * 1024 - 2) + "ok";
        String onePast = "x".repeat(64 * 1024 - 1) + "ok";

        assertThat(probe(expecting("ok"), script -> script.onAny().answer(200, justWithin))
                        .passed())
                .isTrue();
        assertThat(probe(expecting("ok"), script -> script.onAny().answer(200, onePast))
                        .passed())
                .isFalse();
    }

    @Test
    void failsWhoRefusesTheConnection() throws Exception {
        try (ReservedPort silent = ReservedPort.any()) {
            CompletableFuture<Prober.Result> result = new CompletableFuture<>();
            prober(HEALTHZ).begin(Endpoint.of("127.0.0.1", silent.port()), result::complete);

            assertThat(result.get(30, TimeUnit.SECONDS).reason()).contains("connect_failed");
        }
    }

    @Test
    void failsWhoHangsUp() throws Exception {
        assertThat(probe(HEALTHZ, script -> script.onAny().close()).reason()).contains("upstream_closed");
    }

    @Test
    void closesTheConnectionWhenItIsCancelled() throws Exception {
        try (ScriptedUpstream upstream =
                ScriptedUpstream.start(script -> script.onAny().stall())) {
            CompletableFuture<Prober.Result> result = new CompletableFuture<>();
            Prober.Probe probe = prober(HEALTHZ).begin(Endpoint.of("127.0.0.1", upstream.port()), result::complete);
            upstream.awaitRequest();

            probe.cancel();

            await().until(() -> connector.open() == 0);
            assertThat(result).isNotDone();
        }
    }
}
