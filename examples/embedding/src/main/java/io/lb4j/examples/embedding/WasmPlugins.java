package io.lb4j.examples.embedding;

import io.lb4j.LoadBalancer;
import io.lb4j.plugins.wasm.Wasm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Plugins in WebAssembly, for the ABI that Envoy speaks: a limit of rate that was written in C, and a log that was written in AssemblyScript. Their
 * sources are in {@code examples/wasm}.
 *
 * <pre>
 * examples/run wasm [PORT [FOLDER]]
 * for i in 1 2 3 4; do curl -i http://localhost:8080/things; done      429 for the fourth, and a line of the log for each
 * cp examples/wasm/rate-limiter.wasm FOLDER                            another module is in force two seconds later, without a restart
 * </pre>
 */
public final class WasmPlugins {
    private WasmPlugins() {}

    /** Runs until the process is told to end. */
    public static void main(String... words) throws InterruptedException {
        Path folder = Path.of(words.length > 1 ? words[1] : "examples/wasm");
        start(Running.port(words), folder).untilEnded();
    }

    static Running start(int port, Path folder) {
        LoadBalancer upstream = Upstreams.answering("the service");
        return Running.start(
                LoadBalancer.builder()
                        .listener("main", listener -> listener.port(port))
                        .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                        .route(route -> route.path("/**").to("api"))
                        .plugin(
                                Wasm.plugin(wasm -> wasm.path(folder.resolve("request-logger.wasm"))
                                        .config(Map.of("headers", List.of("user-agent")))),
                                use -> use.name("request-logger").failOpen())
                        .plugin(
                                Wasm.plugin(wasm -> wasm.path(folder.resolve("rate-limiter.wasm"))
                                        .config(Map.of("requests_per_minute", 6, "burst_size", 3))
                                        .maxMemory(4 << 20)
                                        .callTime(Duration.ofMillis(5))),
                                use -> use.name("rate-limiter").failClosed()),
                upstream::close);
    }
}
