package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that go to the kernel together. */
final class SegmentsTest {
    @Test
    void theyAreMadeForSocketsThatTakeThem() {
        assumeTrue(Epoll.isAvailable());
        EpollDatagramChannel epoll = new EpollDatagramChannel();
        NioDatagramChannel nio = new NioDatagramChannel();
        try {
            assertThat(Segments.of(epoll, true).maxNumSegments()).isEqualTo(40);
            assertThat(Segments.of(epoll, false)).isSameAs(SegmentedDatagramPacketAllocator.NONE);
            assertThat(Segments.of(nio, true)).isSameAs(SegmentedDatagramPacketAllocator.NONE);
        } finally {
            epoll.unsafe().closeForcibly();
            nio.unsafe().closeForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLargeAnswerIsWholeEitherWay(boolean gso) {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).payload(8 << 20)));
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.gso(gso)));
                H3Client client = H3Client.connect(edge.port())) {
            H3Answer answer = client.get("/");

            assertThat(answer.isWhole()).isTrue();
            assertThat(answer.body()).hasSize(8 << 20);
        }
    }

    @Test
    void theyGoOneByOneOnceTheSystemHasRefusedThem() {
        Refusal system = new Refusal();
        EmbeddedChannel socket = new EmbeddedChannel(system, new SegmentFallback());

        ChannelFuture refused = socket.writeAndFlush(packets(3_000));
        assertThat(refused.cause()).hasMessage("no such thing here");
        socket.writeAndFlush(packets(3_000));
        socket.writeAndFlush(packets(2_400));

        assertThat(sizes(socket)).containsExactly(1_200, 1_200, 600, 1_200, 1_200);
    }

    private static SegmentedDatagramPacket packets(int octets) {
        return new SegmentedDatagramPacket(
                Unpooled.wrappedBuffer(new byte[octets]),
                1_200,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
    }

    private static List<Integer> sizes(EmbeddedChannel socket) {
        List<Integer> sizes = new ArrayList<>();
        for (DatagramPacket sent = socket.readOutbound(); sent != null; sent = socket.readOutbound()) {
            sizes.add(sent.content().readableBytes());
            sent.release();
        }
        return sizes;
    }

    /** A system that takes no packets together. */
    private static final class Refusal extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (message instanceof SegmentedDatagramPacket) {
                ReferenceCountUtil.release(message);
                promise.setFailure(new IOException("no such thing here"));
            } else {
                ctx.write(message, promise);
            }
        }
    }
}
