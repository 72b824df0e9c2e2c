package io.lb4j.benchmarks;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.codec.hpack.FieldFacts;
import io.lb4j.internal.codec.hpack.FieldSink;
import io.lb4j.internal.codec.hpack.HpackDecoder;
import io.lb4j.internal.codec.hpack.HpackEncoder;
import io.lb4j.internal.codec.hpack.HpackException;
import io.lb4j.internal.codec.http1.Http1Limits;
import io.lb4j.internal.codec.http1.Http1ServerConnection;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.RequestReceiver;
import io.lb4j.spi.ServerStream;
import io.lb4j.spi.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
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

/** What heads cost: read, judged, and written again with all their fields. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {LoopThreads.CUSTOM, LoopThreads.CLASS})
public class HeadBenchmark {
    private static final int TABLE_OCTETS = 4096;
    private static final int MAX_LIST_OCTETS = 1 << 20;
    private static final int MAX_FIELDS = 1000;

    /** How many fields a head has, of 40 octets each. */
    @Param({"4", "16", "64"})
    public int fields;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Fields sample = new Fields();
    private final Fields decoded = new Fields();
    private final HpackDecoder decoder = new HpackDecoder(TABLE_OCTETS, MAX_LIST_OCTETS, MAX_FIELDS);
    private final HpackEncoder encoder = new HpackEncoder(TABLE_OCTETS);
    private ByteBuf request = Unpooled.EMPTY_BUFFER;
    private final FieldSink sink = this::onField;
    private byte[] block = new byte[0];

    /** Answers with the fields of the request. */
    private static final class Echo implements RequestReceiver, StreamListener {
        private final ResponseHead response = new ResponseHead();

        @Override
        public StreamListener onRequest(ServerStream stream, RequestHead head, boolean end) {
            response.clear();
            response.status(200);
            response.fields().addAll(head.fields());
            stream.writeHead(response, true);
            return this;
        }

        @Override
        public void onRefusal(ServerStream stream, RequestHead head, ProxyException refusal) {
            throw new IllegalStateException("the benchmark's request was refused", refusal);
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        public void onTrailers(Fields trailers) {
            // There are none.
        }

        @Override
        public void onFailure(ProxyException failure) {
            // The connection is closed when all is measured.
        }

        @Override
        public void onWritable() {
            // What there is to write is written at once.
        }
    }

    /** Makes the heads. */
    @Setup
    public void prepare() {
        StringBuilder head = new StringBuilder("GET /some/path HTTP/1.1\r\nHost: localhost\r\n");
        for (int i = 0; i < fields; i++) {
            String name = "x-field-%02d".formatted(i);
            String value = "a value of twenty-nine octets";
            sample.add(name, value);
            head.append(name).append(": ").append(value).append("\r\n");
        }
        byte[] octets = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        request = Unpooled.directBuffer(octets.length, octets.length).writeBytes(octets);
        LoopContext loop = new LoopContext(channel.eventLoop(), 0);
        channel.pipeline()
                .addLast(new Http1ServerConnection(loop, new EmbeddedConnection(), new Echo(), Http1Limits.defaults()));
        // A table of no octets: the block says the same whenever it is decoded.
        HpackEncoder plain = new HpackEncoder(0);
        plain.begin();
        for (int i = 0; i < fields; i++) {
            plain.field(sample, i);
        }
        ByteBuf encoded = Unpooled.buffer(plain.length(), plain.length());
        plain.writeTo(encoded, 0, plain.length());
        block = encoded.array();
    }

    /** Reads a head of HTTP/1.1 and writes its fields again. */
    @Benchmark
    public int http1() {
        channel.pipeline().fireChannelRead(request.resetReaderIndex().retain());
        channel.pipeline().fireChannelReadComplete();
        channel.runPendingTasks();
        ByteBuf response = channel.readOutbound();
        if (response == null) {
            throw new IllegalStateException("response: none (expected: one)");
        }
        int octets = response.readableBytes();
        response.release();
        return octets;
    }

    /** Decodes a block of HPACK that is all literals, and encodes its fields again. */
    @Benchmark
    public int hpack() throws HpackException {
        decoded.clear();
        decoder.decode(block, 0, block.length, sink);
        encoder.begin();
        for (int i = 0; i < decoded.size(); i++) {
            encoder.field(decoded, i);
        }
        return encoder.length();
    }

    private void onField(byte[] octets, int nameStart, int nameLength, int valueStart, int valueLength, int facts) {
        decoded.addValidated(
                octets, nameStart, nameLength, valueStart, valueLength, (facts & FieldFacts.SENSITIVE) != 0);
    }

    /** Disconnects. */
    @TearDown
    public void disconnect() {
        channel.finishAndReleaseAll();
        request.release();
    }
}
