package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that end within a frame (RFC 9114 §7.1), on both legs. */
final class FrameBoundsTest {
    private static final long FRAME_ERROR = 0x106;
    private static final List<Map.Entry<String, String>> OK = List.of(Map.entry(":status", "200"));

    // ---- The handler by itself

    /** A stream, and what has come through. */
    private static final class Stream {
        private final AtomicInteger cuts = new AtomicInteger();
        private final List<Long> skipped = new ArrayList<>();
        private final List<Object> events = new ArrayList<>();
        private int octets;
        private final EmbeddedChannel channel = new EmbeddedChannel(
                FrameBounds.ofRequest(cuts::incrementAndGet, skipped::add), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        octets += ((ByteBuf) message).readableBytes();
                        ReferenceCountUtil.release(message);
                    }

                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                        events.add(event);
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        events.add(cause);
                    }
                });

        void end() {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        }
    }

    private static void writeFrame(ByteArrayOutputStream out, long type, int length) {
        ByteBuf header = Unpooled.buffer();
        Varints.write(header, type);
        Varints.write(header, length);
        out.writeBytes(ByteBufUtil.getBytes(header));
        out.writeBytes(new byte[length]);
    }

    /** Wherever a stream ends, and in whatever pieces it comes: it is whole where a frame has just ended, and nowhere else. */
    @Test
    void aStreamIsWholeWhereAFrameEndsAndNowhereElse() {
        Random random = new Random(5);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        Set<Integer> ends = new HashSet<>(Set.of(0));
        for (int length : new int[] {3, 0, 63, 64, 1, 0, 70, 16_384, 0, 5}) {
            writeFrame(frames, random.nextBoolean() ? 0 : random.nextLong(1L << 40), length);
            ends.add(frames.size());
        }
        byte[] all = frames.toByteArray();
        for (int end = 0; end <= all.length; end += end > 300 && end < 16_500 ? 97 : 1) {
            Stream stream = new Stream();
            for (int at = 0; at < end; ) {
                int piece = Math.min(end - at, 1 + random.nextInt(100));
                stream.channel.writeInbound(Unpooled.wrappedBuffer(all, at, piece));
                at += piece;
            }
            stream.end();
            assertThat(stream.octets).isEqualTo(end);
            if (ends.contains(end)) {
                assertThat(stream.cuts).as("cut at %d", end).hasValue(0);
                assertThat(stream.events)
                        .containsExactly(ChannelInputShutdownEvent.INSTANCE, ChannelInputShutdownReadComplete.INSTANCE);
            } else {
                assertThat(stream.cuts).as("cut at %d", end).hasValue(1);
                assertThat(stream.events).as("of such an end nobody hears").isEmpty();
            }
        }
    }

    @Test
    void aStreamThatIsResetMayEndAnywhere() {
        Stream stream = new Stream();
        stream.channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {0, 9, 1, 2}));
        Exception reset = new IllegalStateException("reset");
        stream.channel.pipeline().fireExceptionCaught(reset);
        stream.end();

        assertThat(stream.cuts).hasValue(0);
        assertThat(stream.events).startsWith(reset).hasSize(3);
    }

    // ---- Both legs

    private static byte[] octets(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** Frames of data, of trailers and of a type that nobody knows, and headers of frames. */
    @ParameterizedTest
    @ValueSource(strings = {"0064666f6f", "010a0000", "21056162", "00", "0040", "4000"})
    void aRequestThatEndsWithinAFrameIsNoneAndEndsTheConnection(String cut) {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            H3Exchange exchange = client.open()
                    .head("POST", "/")
                    .data("whole".getBytes(UTF_8))
                    .raw(octets(cut))
                    .end();

            assertThat(exchange.answer().isWhole()).isFalse();
            assertThat(client.ended().orTimeout(30, TimeUnit.SECONDS).join().applicationErrorCode())
                    .isEqualTo(FRAME_ERROR);
            assertThat(edge.figure(Figure.CONNECTIONS_ABUSIVE_HTTP3)).isEqualTo(1);
            assertThat(upstream.requests()).noneMatch(request -> request.state() == RecordedRequest.State.COMPLETE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0064666f6f", "010a0000", "21056162", "00", "0040", "4000"})
    void aResponseThatEndsWithinAFrameIsResetAndItsConnectionNotUsedAgain(String cut) {
        AtomicInteger requests = new AtomicInteger();
        try (H3Endpoint endpoint = H3Endpoint.start((request, head) -> {
                    request.fields(OK).data("whole".getBytes(UTF_8));
                    if (requests.incrementAndGet() == 1) {
                        request.raw(octets(cut));
                    }
                    request.end();
                });
                LoadBalancer balancer = BothLegsTest.before(endpoint);
                H3Client client = H3Client.connect(balancer.port())) {
            assertThat(client.get("/").isWhole()).isFalse();
            assertThat(client.get("/").isWhole()).isTrue();
            assertThat(endpoint.connections()).isEqualTo(2);
        }
    }
}
