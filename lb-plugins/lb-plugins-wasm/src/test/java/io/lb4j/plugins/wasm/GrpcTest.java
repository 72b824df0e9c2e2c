package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.model.UpstreamProtocol;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http2.H2Script;
import io.lb4j.testkit.http2.RecordedStream;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests that call services of gRPC. The guest is {@code grpc.c}. */
final class GrpcTest {
    @TempDir
    Path folder;

    private interface Check {
        void on(Served served, ScriptedH2Upstream service);
    }

    private void serve(Consumer<H2Script> script, Check check) throws IOException {
        Path file = Files.write(folder.resolve("grpc.wasm"), Guests.c("grpc"));
        try (ScriptedH2Upstream service = ScriptedH2Upstream.start(script);
                Served served = Served.with(
                        http -> http.onAny().answer(200),
                        builder -> builder.cluster(
                                        "grpc",
                                        cluster -> cluster.protocol(UpstreamProtocol.HTTP2)
                                                .endpoint("127.0.0.1", service.port()))
                                .plugin(Wasm.plugin(file)))) {
            check.on(served, service);
        }
    }

    /** Returns messages as they lie on the wire. */
    private static String framed(String... messages) {
        StringBuilder octets = new StringBuilder();
        for (String message : messages) {
            octets.append("\0\0\0\0").append((char) message.length()).append(message);
        }
        return octets.toString();
    }

    @Test
    void aCallHasItsAnswer() throws IOException {
        serve(
                script -> script.on("/pkg.Echo/Say")
                        .headers(200, "content-type", "application/grpc")
                        .data(framed("pong"))
                        .trailers("grpc-status", "0"),
                (served, service) -> {
                    assertThat(served.get("/", "X-Do: call").status()).isEqualTo(200);
                    assertThat(served.seen().headers().first("x-message")).contains("pong");
                    RecordedStream asked = service.awaitStream();
                    assertThat(asked.headers().first("x-meta")).contains("data");
                    assertThat(asked.headers().first("te")).contains("trailers");
                    assertThat(asked.headers().first("content-type")).contains("application/grpc");
                    assertThat(asked.body().text()).isEqualTo(framed("ping"));
                });
    }

    @Test
    void aCallThatFailsHasAStatus() throws IOException {
        serve(
                script -> script.onAny()
                        .headers(200, "grpc-status", "7", "grpc-message", "go away")
                        .end(),
                (served, service) -> {
                    assertThat(served.get("/", "X-Do: call").status()).isEqualTo(200);
                    assertThat(served.seen().headers().first("x-closed")).contains("7");
                    assertThat(served.seen().headers().first("x-reason")).contains("go away");
                    assertThat(served.seen().headers().contains("x-message")).isFalse();
                });
    }

    @Test
    void anAnswerThatIsNoneOfGrpcHasAStatus() throws IOException {
        serve(script -> script.onAny().answer(503, "busy"), (served, service) -> {
            assertThat(served.get("/", "X-Do: call").status()).isEqualTo(200);
            assertThat(served.seen().headers().first("x-closed")).contains("14");
        });
    }

    @Test
    void aStreamHasItsMessagesAndItsEnd() throws IOException {
        serve(
                script -> script.on("/pkg.Echo/Stream")
                        .headers(200, "content-type", "application/grpc", "x-first", "f")
                        .data(framed("uno") + framed("dos").substring(0, 6))
                        .data(framed("dos").substring(6))
                        .trailers("grpc-status", "0", "x-last", "l"),
                (served, service) -> {
                    assertThat(served.get("/", "X-Do: stream").status()).isEqualTo(200);
                    assertThat(served.seen().headers().first("x-initial")).contains("f");
                    assertThat(served.seen().headers().all("x-message")).containsExactly("uno", "dos");
                    assertThat(served.seen().headers().first("x-trailing")).contains("l");
                    assertThat(served.seen().headers().first("x-closed")).contains("0");
                    assertThat(service.awaitStream().body().text()).isEqualTo(framed("one", "two"));
                });
    }

    @Test
    void aClusterThatIsUnknownIsNotCalled() throws IOException {
        serve(script -> script.onAny().answer(200), (served, service) -> {
            assertThat(served.get("/", "X-Do: unknown").status()).isEqualTo(200);
            assertThat(served.seen().headers().first("x-status")).contains("4");
        });
    }
}
