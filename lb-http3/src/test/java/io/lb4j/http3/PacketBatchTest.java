package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that go to the kernel together. */
final class PacketBatchTest {
    private static final InetSocketAddress ONE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final InetSocketAddress OTHER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
    private static final int EINVAL = -22;
    private static final int ENOBUFS = -105;

    private final AtomicLong nanos = new AtomicLong(1);
    private final List<Runnable> turn = new ArrayList<>();
    private final Figures figures = new Figures();
    private final Kernel kernel = new Kernel();
    private final EmbeddedChannel socket = socket(2);
    private int written;

    PacketBatchTest() {
        assumeTrue(Epoll.isAvailable()); // its errors need the native library
    }

    private void endTurn() {
        List<Runnable> due = List.copyOf(turn);
        turn.clear();
        due.forEach(Runnable::run);
    }

    private EmbeddedChannel socket(int leastJoined) {
        return new EmbeddedChannel(kernel, new PacketBatch(turn::add, leastJoined, nanos::get, figures::add));
    }

    /** What would go to the kernel, one system call for each flush: sizes of packets, those of one piece in brackets. */
    @ChannelHandler.Sharable
    private static final class Kernel extends ChannelOutboundHandlerAdapter {
        private final List<String> taken = new ArrayList<>();
        private final StringBuilder numbers = new StringBuilder();
        private int flushes;
        private @Nullable Throwable refusal;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            DatagramPacket packet = (DatagramPacket) message;
            ByteBuf octets = packet.content();
            Throwable cause = refusal;
            if (packet instanceof SegmentedDatagramPacket && cause != null) {
                packet.release();
                promise.setFailure(cause);
                return;
            }
            List<Integer> sizes = new ArrayList<>();
            int most = packet instanceof SegmentedDatagramPacket joined ? joined.segmentSize() : Integer.MAX_VALUE;
            while (octets.isReadable()) {
                int size = Math.min(most, octets.readableBytes());
                sizes.add(size);
                numbers.append(octets.getByte(octets.readerIndex())).append(' ');
                octets.skipBytes(size);
            }
            taken.add(packet instanceof SegmentedDatagramPacket ? sizes.toString() : String.valueOf(sizes.get(0)));
            packet.release();
            promise.setSuccess();
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            flushes++;
        }
    }

    private ChannelFuture write(Channel to, int octets, InetSocketAddress peer) {
        ByteBuf packet = Unpooled.buffer(octets).writeByte(written++).writeZero(octets - 1);
        ChannelFuture sent = to.write(new DatagramPacket(packet, peer));
        to.flush();
        return sent;
    }

    private List<ChannelFuture> write(int count, int octets, InetSocketAddress peer) {
        List<ChannelFuture> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(write(socket, octets, peer));
        }
        return sent;
    }

    @Test
    void whatOneTurnBringsAboutGoesInOneCall() {
        write(3, 100, ONE);
        write(1, 50, OTHER);
        assertThat(kernel.flushes).isZero();

        endTurn();
        assertThat(kernel.flushes).isEqualTo(1);
        assertThat(kernel.taken).containsExactly("[100, 100, 100]", "50");

        write(1, 70, ONE);
        endTurn();
        assertThat(kernel.flushes).isEqualTo(2);
    }

    @Test
    void packetsOfOneSizeForOnePeerGoInOnePieceAndInTheirOrder() {
        write(2, 100, ONE);
        write(1, 60, ONE); // the last of a piece may be smaller
        write(2, 60, ONE);
        write(2, 60, OTHER);
        write(1, 61, OTHER); // and not larger
        endTurn();

        assertThat(kernel.taken).containsExactly("[100, 100, 60]", "[60, 60]", "[60, 60]", "61");
        assertThat(kernel.numbers.toString()).isEqualTo("0 1 2 3 4 5 6 7 ");
        assertThat(figures.value(Figure.PACKETS_JOINED)).isEqualTo(7);
    }

    @Test
    void aPieceIsNoLargerThanTheKernelTakes() {
        write(65, 10, ONE);
        endTurn();
        assertThat(kernel.taken).hasSize(2).last().isEqualTo("10");
        kernel.taken.clear();

        write(54, 1_200, ONE);
        endTurn();
        assertThat(kernel.taken)
                .as("53 of 1,200 octets are 63,600")
                .hasSize(2)
                .last()
                .isEqualTo("1200");
    }

    @Test
    void eachPacketIsToldOfWhenItHasGone() {
        List<ChannelFuture> sent = write(3, 100, ONE);
        assertThat(sent).noneMatch(ChannelFuture::isDone);
        endTurn();
        assertThat(sent).allMatch(ChannelFuture::isSuccess);
    }

    @Test
    void whatIsRefusedGoesPacketByPacketAndSoDoesTheRestForAMinute() {
        kernel.refusal = new NativeIoException("sendmmsg", EINVAL, false);
        List<ChannelFuture> sent = write(3, 100, ONE);
        endTurn();
        assertThat(kernel.taken).containsExactly("100", "100", "100");
        assertThat(kernel.numbers.toString()).isEqualTo("0 1 2 ");
        assertThat(sent).allMatch(ChannelFuture::isSuccess);
        assertThat(figures.value(Figure.JOINS_REFUSED)).isEqualTo(1);

        kernel.refusal = null;
        kernel.taken.clear();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(60) - 1);
        write(2, 100, ONE);
        endTurn();
        assertThat(kernel.taken).containsExactly("100", "100");
        nanos.addAndGet(1);
        write(2, 100, ONE);
        endTurn();
        assertThat(kernel.taken).last().isEqualTo("[100, 100]");
        assertThat(figures.value(Figure.JOINS_REFUSED)).isEqualTo(1);
    }

    @Test
    void whatIsLostForAnotherReasonIsNotSentAgain() {
        kernel.refusal = new NativeIoException("sendmmsg", ENOBUFS, false);
        List<ChannelFuture> sent = write(3, 100, ONE);
        endTurn();

        assertThat(kernel.taken).isEmpty();
        assertThat(sent).allMatch(packet -> packet.cause() == kernel.refusal);
        assertThat(figures.value(Figure.JOINS_REFUSED)).isZero();
    }

    @Test
    void nothingIsJoinedWhereThatIsNotWanted() {
        EmbeddedChannel plain = socket(PacketBatch.NEVER);
        write(plain, 100, ONE);
        write(plain, 100, ONE);
        endTurn();

        assertThat(kernel.taken).containsExactly("100", "100");
        assertThat(kernel.flushes).isEqualTo(1);
    }

    @Test
    void fewAreNotWorthJoining() {
        EmbeddedChannel several = socket(3);
        write(several, 100, ONE);
        write(several, 100, ONE);
        write(several, 100, OTHER);
        write(several, 100, OTHER);
        write(several, 100, OTHER);
        endTurn();

        assertThat(kernel.taken).containsExactly("100", "100", "[100, 100, 100]");
    }

    @Test
    void soMuchWaitsAndNoMore() {
        int packets = (1 << 20) / 1_024;
        write(packets - 1, 1_024, ONE);
        assertThat(kernel.flushes).isZero();
        write(1, 1_024, ONE);
        assertThat(kernel.flushes).isEqualTo(1);
    }

    @Test
    void whatWaitsGoesBeforeTheSocketIsClosed() {
        List<ChannelFuture> sent = write(2, 100, ONE);
        socket.close();

        assertThat(kernel.taken).containsExactly("[100, 100]");
        assertThat(sent).allMatch(ChannelFuture::isSuccess);
    }

    @Test
    void whatWaitsInASocketThatIsGoneIsTold() {
        List<ChannelFuture> sent = write(2, 100, ONE);
        socket.pipeline().remove(PacketBatch.class);

        assertThat(sent).allMatch(packet -> packet.cause() instanceof ClosedChannelException);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLargeAnswerIsWholeEitherWay(boolean gso) {
        assumeTrue(EpollDatagramChannel.isSegmentedDatagramPacketSupported());
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).payload(8 << 20)));
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.gso(gso)));
                H3Client client = H3Client.connect(edge.port())) {
            H3Answer answer = client.get("/");

            assertThat(answer.isWhole()).isTrue();
            assertThat(answer.body()).hasSize(8 << 20);
            if (gso) {
                assertThat(edge.figure(Figure.PACKETS_JOINED)).isGreaterThan(1_000);
            } else {
                assertThat(edge.figure(Figure.PACKETS_JOINED)).isZero();
            }
            assertThat(edge.figure(Figure.JOINS_REFUSED)).isZero();
        }
    }

    @Test
    void ofManyThatWaitForTheEndOfATurnEachHasItsTurn() {
        List<Integer> run = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            PacketBatch.of(socket).atTurnEnd(() -> run.add(number));
        }
        socket.pipeline().fireChannelReadComplete();
        endTurn();
        assertThat(run).hasSize(64);

        socket.pipeline().fireChannelReadComplete();
        endTurn();
        assertThat(run).hasSize(100).isSorted();
    }
}
