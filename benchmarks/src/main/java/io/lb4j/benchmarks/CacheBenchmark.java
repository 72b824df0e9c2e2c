package io.lb4j.benchmarks;

import io.lb4j.plugins.cache.HttpCache;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
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
    private static final int BODY_OCTETS = 1024;

    private final EmbeddedPath path = new EmbeddedPath(builder -> builder.plugin(HttpCache.plugin(cache -> {})));
    private final ByteBuf kept = request("/kept");
    private final ByteBuf passing = request("/passing");
    private final ByteBuf fresh = response("max-age=86400");
    private final ByteBuf forOne = response("private");

    private static ByteBuf request(String target) {
        return direct("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: benchmark/1.0\r\n"
                + "Accept: */*\r\nAccept-Encoding: gzip\r\n\r\n");
    }

    private static ByteBuf response(String control) {
        return direct("HTTP/1.1 200 OK\r\nServer: origin\r\nContent-Type: application/octet-stream\r\nCache-Control: "
                + control + "\r\nContent-Length: " + BODY_OCTETS + "\r\n\r\n" + "x".repeat(BODY_OCTETS));
    }

    private static ByteBuf direct(String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        return Unpooled.directBuffer(octets.length, octets.length).writeBytes(octets);
    }

    /** Connects, and has a response kept. */
    @Setup
    public void connect() {
        path.speakHttp1();
        path.fromClient(kept);
        require(path.fromOrigin(fresh));
    }

    /** Answers from what is kept. */
    @Benchmark
    public int hit() {
        return require(path.answerTo(kept));
    }

    /** Passes a request whose response is not kept. */
    @Benchmark
    public int pass() {
        path.fromClient(passing);
        return require(path.fromOrigin(forOne));
    }

    private static int require(int answered) {
        if (answered <= BODY_OCTETS) {
            throw new IllegalStateException(
                    "octets: " + answered + " to the client (expected: a response of more than " + BODY_OCTETS + ")");
        }
        return answered;
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
