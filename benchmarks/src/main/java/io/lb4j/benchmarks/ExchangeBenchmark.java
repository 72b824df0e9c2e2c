package io.lb4j.benchmarks;

import io.lb4j.http.Fields;
import io.lb4j.internal.codec.hpack.HpackEncoder;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an exchange costs from the octets of its request to those of its response, without sockets: codecs, routing, balancing, pool,
 * forwarding, deadline and books. The origin speaks HTTP/1.1 and answers with 1 KiB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {LoopThreads.CUSTOM, LoopThreads.CLASS})
public class ExchangeBenchmark {
    private static final int BODY_OCTETS = 1024;
    private static final String USER_AGENT = "benchmark/1.0";
    private static final byte[] HTTP_1_REQUEST = ascii("GET /some/path HTTP/1.1\r\nHost: localhost\r\nUser-Agent: "
            + USER_AGENT + "\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n\r\n");
    private static final byte[] RESPONSE = ascii("HTTP/1.1 200 OK\r\nServer: origin\r\n"
            + "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: application/octet-stream\r\nContent-Length: "
            + BODY_OCTETS + "\r\nConnection: keep-alive\r\n\r\n" + "x".repeat(BODY_OCTETS));
    private static final byte[] PREFACE = ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    private static final int FRAME_HEADER = 9;
    private static final int STREAM_ID_AT = 5;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int ACKNOWLEDGEMENT = 1;
    private static final int END_OF_STREAM_AND_HEADERS = 5;
    /** So many exchanges fit the window that a client of HTTP/2 begins with; then it opens it again. */
    private static final int WINDOW = 32;

    /** What the client speaks; what the origin speaks. */
    public enum Legs {
        /** HTTP/1.1 on both. */
        H1_H1,
        /** HTTP/2 with the client, HTTP/1.1 with the origin. */
        H2_H1
    }

    /** The protocols. */
    @Param
    public Legs legs = Legs.H1_H1;

    private ByteBuf request = Unpooled.EMPTY_BUFFER;
    private ByteBuf response = Unpooled.EMPTY_BUFFER;
    private ByteBuf windowUpdate = Unpooled.EMPTY_BUFFER;
    private final EmbeddedPath path = new EmbeddedPath();
    private int streamId = 1; // its numbers last for an hour
    private int exchanges;

    /** Connects. */
    @Setup
    public void connect() {
        response = direct(RESPONSE);
        if (legs == Legs.H1_H1) {
            request = direct(HTTP_1_REQUEST);
            path.speakHttp1();
        } else {
            beginHttp2();
        }
    }

    private void beginHttp2() {
        request = headersFrame();
        windowUpdate = frame(WINDOW_UPDATE, 0, Integer.BYTES).writeInt(WINDOW * BODY_OCTETS);
        path.speakHttp2();
        ByteBuf settings = frame(SETTINGS, 0, 0);
        ByteBuf acknowledgement = frame(SETTINGS, ACKNOWLEDGEMENT, 0);
        ByteBuf preface =
                Unpooled.directBuffer().writeBytes(PREFACE).writeBytes(settings).writeBytes(acknowledgement);
        path.fromClient(preface);
        settings.release();
        acknowledgement.release();
        preface.release();
    }

    private static ByteBuf headersFrame() {
        // A table of no octets: the block says the same whenever it is sent.
        HpackEncoder encoder = new HpackEncoder(0);
        Fields fields =
                new Fields().add("user-agent", USER_AGENT).add("accept", "*/*").add("accept-encoding", "gzip");
        encoder.begin();
        encoder.method("GET");
        encoder.scheme("http");
        encoder.authority("localhost");
        encoder.path("/some/path");
        for (int i = 0; i < fields.size(); i++) {
            encoder.field(fields, i);
        }
        ByteBuf frame = frame(HEADERS, END_OF_STREAM_AND_HEADERS, encoder.length());
        encoder.writeTo(frame, 0, encoder.length());
        return frame;
    }

    private static ByteBuf frame(int type, int flags, int length) {
        ByteBuf frame = Unpooled.directBuffer(FRAME_HEADER + length, FRAME_HEADER + length);
        return frame.writeMedium(length).writeByte(type).writeByte(flags).writeInt(0);
    }

    private static ByteBuf direct(byte[] octets) {
        return Unpooled.directBuffer(octets.length, octets.length).writeBytes(octets);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Passes one request and its response. */
    @Benchmark
    public int exchange() {
        if (legs == Legs.H2_H1) {
            request.setInt(STREAM_ID_AT, streamId);
            streamId += 2;
            if (++exchanges % WINDOW == 0) {
                path.fromClient(windowUpdate);
            }
        }
        int sent = path.fromClient(request);
        int answered = path.fromOrigin(response);
        if (sent == 0 || answered <= BODY_OCTETS) {
            throw new IllegalStateException("octets: " + sent + " to the origin and " + answered
                    + " to the client (expected: a request, and a response of more than " + BODY_OCTETS + ")");
        }
        return answered;
    }

    /** Disconnects. */
    @TearDown
    public void disconnect() {
        path.close();
        request.release();
        response.release();
        windowUpdate.release(); // the empty one takes no notice
    }
}
