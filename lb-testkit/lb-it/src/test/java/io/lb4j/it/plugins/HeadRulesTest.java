package io.lb4j.it.plugins;

import static io.lb4j.it.plugins.Plugged.GET;
import static io.lb4j.it.plugins.Plugged.ask;
import static io.lb4j.it.plugins.Plugged.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.H2Response;
import io.lb4j.testkit.http2.RawH2Client;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What plugins may make of heads, and what is never sent. */
final class HeadRulesTest {
    private static final byte[] SMUGGLED = "x-bad: 1\r\nx-evil: 2".getBytes(StandardCharsets.US_ASCII);

    static Stream<Named<Consumer<RequestHead>>> unfitRequests() {
        return Stream.of(
                Named.of("CR and LF in a value", head -> head.fields().add("x-bad", "a\r\nx-evil: 1")),
                Named.of("CR in a name", head -> head.fields().add("x-bad\r", "a")),
                Named.of(
                        "octets that were never judged",
                        head -> head.fields().addValidated(SMUGGLED, 0, 5, 7, SMUGGLED.length - 7, false)),
                Named.of(
                        "a pseudo-header as a field",
                        head -> head.fields()
                                .addValidated(":path".getBytes(StandardCharsets.US_ASCII), 0, 5, 0, 0, false)),
                Named.of(
                        "octets after a clear",
                        head -> head.fields().addValidated(SMUGGLED, 0, 5, 7, SMUGGLED.length - 7, false)),
                Named.of(
                        "two lengths",
                        head -> head.fields().add("content-length", "0").add("content-length", "0")),
                Named.of("a length of nothing", head -> head.fields().add("content-length", "5")),
                Named.of("a length that is none", head -> head.fields().add("content-length", "+0")),
                Named.of("a host field", head -> head.fields().add("host", "b")),
                Named.of("the method HEAD", head -> head.method(Method.HEAD)),
                Named.of("the method CONNECT", head -> head.method(Method.CONNECT)),
                Named.of("a protocol to switch to", head -> head.protocol("websocket")),
                Named.of("another scheme", head -> head.scheme("http\r\n")),
                Named.of("a target that is no path", head -> head.target("http://b/")),
                Named.of("a space in the target", head -> head.target("/a b")),
                Named.of("a line break in the authority", head -> head.authority("a\r\nb")));
    }

    @ParameterizedTest
    @MethodSource("unfitRequests")
    void aRequestThatCannotBeSentFailsTheExchange(Consumer<RequestHead> change) {
        ProbePlugin plugin = ProbePlugin.of("unfit", Filters.changingRequest((exchange, head) -> change.accept(head)));
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).plugin(plugin).start()) {
            RawResponse response = ask(lb, GET);

            assertThat(response.status()).isEqualTo(500);
            assertThat(reason(response)).isEqualTo("plugin_failed");
            assertThat(upstream.requestCount()).isZero();
        }
    }

    @Test
    void aHeadThatIsSpoiltAfterItHasPassedIsNotSentAgain() {
        ProbePlugin plugin = ProbePlugin.of("late", new Filter() {
            @Override
            public Verdict onRequestData(FilterExchange exchange, BodyPart data, boolean end) {
                exchange.request().fields().addValidated(SMUGGLED, 0, 5, 7, SMUGGLED.length - 7, false);
                return Verdict.CONTINUE;
            }
        });
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.onAny().times(1).answer(503);
                    script.onAny().answer(200);
                });
                LoadBalancer lb = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0))
                        .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                        .route(route -> route.path("/**")
                                .to("api")
                                .retry(retry -> retry.statuses("503").backoffBase(Duration.ofMillis(1))))
                        .plugin(plugin)
                        .start()) {
            RawResponse response = ask(lb, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");

            assertThat(response.status()).isEqualTo(500);
            assertThat(upstream.requests())
                    .allSatisfy(request ->
                            assertThat(request.headers().contains("x-evil")).isFalse());
        }
    }

    static Stream<Named<Consumer<ResponseHead>>> unfitResponses() {
        return Stream.of(
                Named.of("CR and LF in a value", head -> head.fields().add("x-bad", "a\r\nx-evil: 1")),
                Named.of(
                        "octets that were never judged",
                        head -> head.fields().addValidated(SMUGGLED, 0, 5, 7, SMUGGLED.length - 7, false)),
                Named.of("another length", head -> head.fields().add("content-length", "7")),
                Named.of("an informational status", head -> head.status(103)),
                Named.of("a switch of protocols", head -> head.status(101)),
                Named.of("a status without a body", head -> head.status(204)));
    }

    @ParameterizedTest
    @MethodSource("unfitResponses")
    void aResponseThatCannotBeSentIsAnsweredWith500(Consumer<ResponseHead> change) {
        ProbePlugin plugin = ProbePlugin.of("unfit", Filters.changingResponse((exchange, head) -> change.accept(head)));
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "body"));
                LoadBalancer lb = Plugged.before(upstream).plugin(plugin).start()) {
            RawResponse response = ask(lb, GET);

            assertThat(response.status()).isEqualTo(500);
            assertThat(response.headers().contains("x-evil")).isFalse();
        }
    }

    @Test
    void hopByHopFieldsOfPluginsStayHere() {
        ProbePlugin plugin = ProbePlugin.of(
                "hops",
                Filters.changingResponse((exchange, head) -> head.fields()
                        .add("connection", "x-private")
                        .add("x-private", "1")
                        .add("transfer-encoding", "gzip")));
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "body"));
                LoadBalancer lb = Plugged.before(upstream).plugin(plugin).start()) {
            RawResponse response = ask(lb, GET);

            assertThat(response.text()).isEqualTo("body");
            assertThat(response.headers().contains("x-private")).isFalse();
            assertThat(response.headers().contains("transfer-encoding")).isFalse();
        }
    }

    @Test
    void authorityTargetAndMethodMayChangeOnBothProtocols() {
        ProbePlugin plugin = ProbePlugin.of(
                "change",
                Filters.changingRequest((exchange, head) ->
                        head.method(Method.PUT).authority("b.example").target("/changed?x=1")));
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).plugin(plugin).start();
                RawH2Client h2 = RawH2Client.connect(lb.port())) {
            assertThat(ask(lb, GET).status()).isEqualTo(200);
            H2Response response = h2.get("/");

            assertThat(response.status()).isEqualTo(200);
            assertThat(upstream.awaitRequests(2)).allSatisfy(request -> {
                assertThat(request.method()).isEqualTo("PUT");
                assertThat(request.target()).isEqualTo("/changed?x=1");
                assertThat(request.headers().all("host")).containsExactly("b.example");
            });
        }
    }

    @Test
    void aStatusMayChange() {
        ProbePlugin plugin = ProbePlugin.of("teapot", Filters.changingResponse((exchange, head) -> head.status(418)));
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "body"));
                LoadBalancer lb = Plugged.before(upstream).plugin(plugin).start()) {
            RawResponse response = ask(lb, GET);

            assertThat(response.status()).isEqualTo(418);
            assertThat(response.text()).isEqualTo("body");
        }
    }
}
