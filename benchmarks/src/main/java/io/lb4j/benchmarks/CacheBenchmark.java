package io.lb4j.benchmarks;

import io.lb4j.plugins.cache.HttpCache;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an HTTP cache costs and spares: exchanges like those of {@link ExchangeBenchmark}, HTTP/1.1 on both legs, through a balancer with the
 * plugin.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {LoopThreads.CUSTOM, LoopThreads.CLASS})
public class CacheBenchmark {
    private final EmbeddedPath path = new EmbeddedPath(builder -> builder.plugin(HttpCache.plugin(cache -> {})));
    private final ByteBuf kept = request("/kept");
    private final ByteBuf passing = request("/passing");
    private final ByteBuf fresh = response("max-age=86400");
    private final ByteBuf forOne = response("private");

    private static ByteBuf request(String target) {
        return Octets.direct("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: benchmark/1.0\r\n"
                + "Accept: */*\r\nAccept-Encoding: gzip\r\n\r\n");
    }

    private static ByteBuf response(String control) {
        return Octets.direct(
                "HTTP/1.1 200 OK\r\nServer: origin\r\nContent-Type: application/octet-stream\r\nCache-Control: "
                        + control + "\r\nContent-Length: " + Octets.OF_A_BODY + "\r\n\r\n"
                        + "x".repeat(Octets.OF_A_BODY));
    }

    /** Connects, and has a response kept. */
    @Setup
    public void connect() {
        path.speakHttp1();
        path.fromClient(kept);
        Octets.requireAnswer(path.fromOrigin(fresh));
    }

    /** Answers from what is kept. */
    @Benchmark
    public int hit() {
        return Octets.requireAnswer(path.answerTo(kept));
    }

    /** Passes a request whose response is not kept. */
    @Benchmark
    public int pass() {
        path.fromClient(passing);
        return Octets.requireAnswer(path.fromOrigin(forOne));
    }

    /** Disconnects. */
    @TearDown
    public void disconnect() {
        path.close();
        kept.release();
        passing.release();
        fresh.release();
        forOne.release();
    }
}
