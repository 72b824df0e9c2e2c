package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.QuicStreamFrame;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When streams send what they have written in a turn, and how much of it. It is long, for what stands in for quiche stands here, too: its answers are what is judged by. */
final class TurnEndTest {
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final int MOST_AHEAD = 32_768;
    private static final int SHARE = 16_384;
    private static final int PIECE = 1_100;
    private static final String MUCH = "0123456789".repeat(1_000);

    private final Queue<Runnable> afterTurn = new ArrayDeque<>();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final PacketBatch batch =
            new PacketBatch(afterTurn::add, PacketBatch.NEVER, System::nanoTime, (figure, count) -> {});
    private final EmbeddedChannel socket = new EmbeddedChannel(new Kernel(), batch);
    private long passedNanos;
    private final TurnEnd turnEnd =
            new TurnEnd(afterTurn::add, later::add, () -> System.nanoTime() + passedNanos, batch);
    private final Quiche quiche = new Quiche();
    private final Stream one = new Stream();
    private final Stream other = new Stream();

    /** Takes every packet. */
    private static final class Kernel extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ((DatagramPacket) message).release();
            promise.setSuccess();
        }
    }

    /** Takes whatever streams write, where it does not refuse, and sends of it what it has room for. */
    @ChannelHandler.Sharable
    private final class Quiche extends ChannelOutboundHandlerAdapter {
        private final Queue<Refused> refused = new ArrayDeque<>();
        private @Nullable Stream shut; // its own window is used up
        private boolean isFull; // takes nothing at all
        private long room = Long.MAX_VALUE;
        private long unsent;
        private long said; // of the room, when a packet came last

        private record Refused(Stream stream, QuicStreamFrame frame, ChannelPromise promise) {}

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            QuicStreamFrame frame = (QuicStreamFrame) message;
            Stream stream = ctx.channel() == one.channel ? one : other;
            stream.note(frame);
            take(new Refused(stream, frame, promise));
        }

        private void take(Refused piece) {
            if (isFull || piece.stream == shut) {
                refused.add(piece);
                return;
            }
            unsent += piece.frame.content().readableBytes();
            piece.frame.release();
            send();
            piece.promise.setSuccess();
        }

        private void send() {
            int octets = (int) Math.min(unsent, room);
            if (octets > 0) {
                unsent -= octets;
                room -= octets;
                socket.write(new DatagramPacket(Unpooled.buffer(octets).writeZero(octets), PEER));
                socket.flush();
            }
        }

        /** A packet has come that makes room. */
        void hear(long more) {
            room += more;
            said = more;
            List<Refused> again = new ArrayList<>(refused);
            refused.clear();
            again.forEach(this::take);
            send();
            socket.pipeline().fireChannelReadComplete();
        }

        /** A packet has come that makes room for part of the piece that was refused first. */
        void takePart(int octets) {
            said = octets;
            refused.element().frame.content().skipBytes(octets);
            unsent += octets;
            send();
            socket.pipeline().fireChannelReadComplete();
        }
    }

    private final class Stream implements StreamOutput.Events {
        private final StreamOutput output = new StreamOutput(this);
        private final List<String> sent = new ArrayList<>();
        private final EmbeddedChannel channel = new EmbeddedChannel(quiche, output) {
            @Override
            public long bytesBeforeUnwritable() {
                return quiche.said;
            }
        };
        private String next = ""; // written once all is taken
        private boolean ended;

        void note(QuicStreamFrame frame) {
            assertThat(ended).isFalse();
            sent.add(frame.content().toString(StandardCharsets.US_ASCII));
            ended = frame.hasFin();
        }

        void write(String text) {
            channel.pipeline().write(octets(text));
        }

        void writeLast(String text) {
            channel.pipeline().write(octets(text), output.lastPromise(channel.newPromise()));
        }

        private ByteBuf octets(String text) {
            return ByteBufUtil.writeAscii(channel.alloc(), text);
        }

        int octetsSent() {
            return String.join("", sent).length();
        }

        @Override
        public void onBacklog(int change) {}

        @Override
        public void onOutputWaiting() {
            turnEnd.flush(output);
        }

        @Override
        public void onOutputWritable() {}

        @Override
        public void onOutputLow() {
            if (!next.isEmpty()) {
                String text = next;
                next = "";
                write(text);
            }
        }

        @Override
        public void onOutputEnded() {}

        @Override
        public void onOutputFailed(Throwable cause) {}
    }

    @AfterEach
    void release() {
        quiche.refused.forEach(piece -> piece.frame.release());
        one.channel.finishAndReleaseAll();
        other.channel.finishAndReleaseAll();
        socket.finishAndReleaseAll();
    }

    private void endTurn() {
        List<Runnable> due = new ArrayList<>(afterTurn);
        afterTurn.clear();
        due.forEach(Runnable::run);
    }

    /** Has so much written that none of it can leave that the rest is held back. */
    private int fill(Stream stream) {
        quiche.room = 0;
        for (int i = 0; i < 20; i++) {
            stream.write(MUCH);
            endTurn();
        }
        assertThat(stream.octetsSent()).isBetween(MOST_AHEAD, MOST_AHEAD + MUCH.length() + PIECE);
        return stream.octetsSent();
    }

    private void passTime() {
        passedNanos += TimeUnit.MILLISECONDS.toNanos(50);
        List<Runnable> due = new ArrayList<>(later);
        later.clear();
        due.forEach(Runnable::run);
        endTurn();
    }

    /** Two packets come, the first with room. */
    private void hear(long room) {
        quiche.hear(room);
        endTurn();
        quiche.hear(1);
        endTurn();
    }

    @Test
    void whatAStreamWritesInATurnGoesTogether() {
        one.write("head");
        one.write(" and body");
        assertThat(one.sent).isEmpty();
        assertThat(afterTurn).hasSize(1);

        endTurn();
        assertThat(one.sent).containsExactly("head and body");
    }

    /** A stream that was noted twice would send a second time in the same turn, by itself. */
    @Test
    void whatIsWrittenWhileATurnEndsWaitsForTheNext() {
        one.next = "more";
        one.write("head");
        one.write(" and body");

        endTurn();
        assertThat(one.sent).containsExactly("head and body");

        endTurn();
        assertThat(one.sent).containsExactly("head and body", "more");
    }

    @Test
    void whatLeavesAtOnceIsNeverHeldBack() {
        for (int i = 1; i <= 100; i++) {
            one.write(MUCH);
            endTurn();
            assertThat(one.octetsSent()).isEqualTo(i * MUCH.length());
        }
    }

    @Test
    void onceMuchLiesThereTheRestWaitsUntilAllOfThatHasLeft() {
        int before = fill(one);
        assertThat(one.output.stalledSinceNanos()).isNotEqualTo(StreamOutput.NOT_STALLED);
        hear(30_000);
        assertThat(one.octetsSent()).as("a piece that does not leave").isEqualTo(before + PIECE);

        hear(MOST_AHEAD);
        assertThat(one.octetsSent()).isGreaterThan(before + MOST_AHEAD);
        assertThat(quiche.unsent).isBetween(1L, (long) MOST_AHEAD + SHARE);

        hear(20L * MUCH.length());
        assertThat(one.octetsSent()).isEqualTo(20 * MUCH.length());
        assertThat(one.output.stalledSinceNanos()).isEqualTo(StreamOutput.NOT_STALLED);
        assertThat(String.join("", one.sent)).as("in order").isEqualTo(MUCH.repeat(20));
    }

    @Test
    void whileNoRoomComesNothingIsTriedUntilTheTimeIsUp() {
        fill(one);
        hear(1);
        int tried = one.octetsSent();
        for (int i = 0; i < 5; i++) {
            socket.pipeline().fireChannelReadComplete(); // packets of other connections
            endTurn();
        }
        assertThat(one.octetsSent()).isEqualTo(tried);

        passTime(); // the stream's own window may hide the room that the connection has
        assertThat(one.octetsSent()).isEqualTo(tried + PIECE);
    }

    @Test
    void aPacketThatBringsRoomIsEnoughThoughNothingIsSentForIt() {
        fill(one);
        hear(1);
        quiche.unsent = 0; // of a stream that the client has reset
        hear(20L * MUCH.length());
        assertThat(one.octetsSent()).isEqualTo(20 * MUCH.length());
    }

    /** Has the piece of one stream refused, while another has something to send, too. */
    private void refuseOne(Runnable reason) {
        fill(one);
        other.write(MUCH);
        endTurn();
        assertThat(other.octetsSent()).isLessThan(MUCH.length());
        quiche.unsent = 0;
        reason.run();
        int before = one.octetsSent();
        hear(1);
        assertThat(one.octetsSent()).isEqualTo(before + PIECE);
        assertThat(one.output.isPieceOut()).isTrue();
    }

    @Test
    void thoseBehindAStreamThatIsRefusedWait() {
        refuseOne(() -> quiche.isFull = true);
        int before = other.octetsSent();
        other.write("more");
        endTurn();
        assertThat(other.octetsSent()).isEqualTo(before);
    }

    @Test
    void thoseBehindAStreamGoOnWhenRoomComesThatItDoesNotUse() {
        refuseOne(() -> quiche.shut = one);
        hear(10L * MUCH.length());
        assertThat(other.octetsSent()).isEqualTo(MUCH.length());
        assertThat(one.output.isPieceOut()).isTrue();

        other.write(MUCH.repeat(5));
        for (int i = 0; i < 5; i++) {
            endTurn();
        }
        assertThat(other.octetsSent()).as("it is known now").isEqualTo(6 * MUCH.length());
    }

    @Test
    void thoseBehindAStreamAreTriedWhenTheTimeIsUp() {
        refuseOne(() -> quiche.shut = one);
        quiche.room = Long.MAX_VALUE;
        passTime();
        endTurn();
        assertThat(other.octetsSent()).isEqualTo(MUCH.length());
    }

    @Test
    void aStreamOfWhichPartIsTakenKeepsItsPlace() {
        refuseOne(() -> quiche.isFull = true);
        int before = other.octetsSent();
        for (int i = 1; i <= 5; i++) {
            quiche.takePart(100 + i);
            endTurn();
            assertThat(other.octetsSent()).isEqualTo(before);
        }
    }

    @Test
    void aPieceThatIsRefusedGoesOnWhenItIsTaken() {
        int before = fill(one);
        quiche.isFull = true;
        for (int i = 0; i < 5; i++) {
            passTime();
        }
        assertThat(one.octetsSent()).as("one piece alone").isEqualTo(before + PIECE);

        quiche.isFull = false;
        hear(20L * MUCH.length());
        endTurn();
        assertThat(one.octetsSent()).isEqualTo(20 * MUCH.length());
    }

    @Test
    void whoseTurnDoesNotComeStallsOnlyWhenNothingMoves() {
        fill(one);
        for (int i = 0; i < 20; i++) {
            other.write(MUCH);
        }
        endTurn();
        long before = System.nanoTime();
        assertThat(other.output.stalledSinceNanos()).isLessThan(before);
        hear(quiche.unsent / 2);
        assertThat(other.output.stalledSinceNanos()).isGreaterThan(before);
    }

    @Test
    void shortMessagesOfOthersAreNotHeldBack() {
        fill(one);
        other.write("head");
        other.writeLast(" and body");
        endTurn();
        assertThat(other.sent).containsExactly("head and body");
        assertThat(other.ended).isTrue();
    }

    @Test
    void theEndGoesWithTheLastPiece() {
        fill(one);
        one.writeLast("end");
        endTurn();
        hear(1);
        assertThat(one.ended).isFalse();

        hear(20L * MUCH.length());
        assertThat(one.sent.get(one.sent.size() - 1)).endsWith("end");
        assertThat(one.ended).isTrue();
    }

    @Test
    void streamsThatShareTakeTurns() {
        int before = fill(one);
        for (int i = 0; i < 20; i++) {
            other.write(MUCH);
        }
        endTurn();
        for (int i = 0; i < 4; i++) {
            hear(quiche.unsent + PIECE); // all that lies there leaves, and a piece
        }
        assertThat(one.octetsSent() - before).isBetween(2 * SHARE, 5 * SHARE);
        assertThat(other.octetsSent()).isBetween(2 * SHARE, 5 * SHARE);
    }

    /** Then each has what it gets by pieces alone. */
    @Test
    void streamsThatShareTakeTurnsWhileWhatLiesThereHardlyBecomesLess() {
        int before = fill(one);
        for (int i = 0; i < 20; i++) {
            other.write(MUCH);
        }
        endTurn();
        for (int i = 0; i < 200; i++) {
            quiche.hear(PIECE / 2 + 10 + i % 2);
            endTurn();
            assertThat(quiche.unsent).isBetween(1L, 2L * MOST_AHEAD);
        }
        assertThat(one.octetsSent() - before).isGreaterThan(2 * SHARE);
        assertThat(other.octetsSent()).isGreaterThan(2 * SHARE);
    }

    @Test
    void othersGoOnWhereTheStreamThatWasTriedIsGone() {
        fill(one);
        other.write(MUCH);
        hear(1);
        int before = other.octetsSent();
        assertThat(other.output.isWaiting()).isTrue();
        one.output.discard();

        hear(2 * MOST_AHEAD);
        assertThat(other.octetsSent()).isEqualTo(MUCH.length()).isGreaterThan(before);
    }
}
