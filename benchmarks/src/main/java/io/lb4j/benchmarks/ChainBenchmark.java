package io.lb4j.benchmarks;

import io.lb4j.LoadBalancerBuilder;
import io.lb4j.plugins.Plugins;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a chain of plugins costs: exchanges like those of {@link ExchangeBenchmark}, HTTP/1.1 on both legs, with five plugins and with none. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {LoopThreads.CUSTOM, LoopThreads.CLASS})
public class ChainBenchmark {
    /** What stands between the client and the route. */
    public enum Chain {
        /** Nothing. */
        NONE,
        /** Access by address, a limit of rate that nobody reaches, a request id, fields set and removed, CORS. */
        FIVE;

        private LoadBalancerBuilder addTo(LoadBalancerBuilder builder) {
            return this == NONE
                    ? builder
                    : builder.plugin(Plugins.ipAccess(access -> access.deny("203.0.113.0/24")))
                            .plugin(Plugins.rateLimit(limit -> limit.requestsPerSecond(1_000_000)))
                            .plugin(Plugins.requestId(id -> {}))
                            .plugin(Plugins.headers(
                                    headers -> headers.request(fields -> fields.set("x-from", "balancer"))
                                            .response(fields -> fields.remove("server"))))
                            .plugin(Plugins.cors(cors -> cors.origins("https://app.example")));
        }
    }

    /** The plugins. */
    @Param
    public Chain chain = Chain.NONE;

    private final ByteBuf request =
            Octets.direct("GET /some/path HTTP/1.1\r\nHost: localhost\r\nUser-Agent: benchmark/1.0\r\n"
                    + "Origin: https://app.example\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n\r\n");
    private final ByteBuf response = Octets.direct("HTTP/1.1 200 OK\r\nServer: origin\r\n"
            + "Content-Type: application/octet-stream\r\nContent-Length: " + Octets.OF_A_BODY + "\r\n\r\n"
            + "x".repeat(Octets.OF_A_BODY));
    private EmbeddedPath path = new EmbeddedPath();

    /** Connects. */
    @Setup
    public void connect() {
        path.close();
        path = new EmbeddedPath(chain::addTo);
        path.speakHttp1();
    }

    /** Passes one request and its response. */
    @Benchmark
    public int exchange() {
        path.fromClient(request);
        return Octets.requireAnswer(path.fromOrigin(response));
    }

    /** Disconnects. */
    @TearDown
    public void disconnect() {
        path.close();
        request.release();
        response.release();
    }
}
