package io.lb4j.http3;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors.NativeIoException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends together what a turn of the event loop has brought about on one socket: the codec flushes for each connection, this once for all of them, so that the transport can
 * hand all packets to the kernel in one call (sendmmsg). Packets of one size for one peer go in one piece (UDP_SEGMENT, Linux 4.18), where that is wanted. They leave in the
 * order in which they were written.
 *
 * <p>Not every device and tunnel takes such a piece, and which one a packet takes is not known beforehand. One that was refused goes packet by packet, and so does all
 * else for a while. Stands next to the socket; confined to its event loop.
 */
final class PacketBatch extends ChannelDuplexHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(PacketBatch.class);

    /** Packets that go in one piece: none. */
    static final int NEVER = Integer.MAX_VALUE;

    /** What may wait for the end of a turn. */
    private static final int MOST_WAITING_OCTETS = 1 << 20;

    /** Of the actions that wait for the end of a turn, those that one runs: of ten thousand connections each may have one. */
    private static final int MOST_ACTIONS = 64;

    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** EIO, EINVAL, EMSGSIZE and EOPNOTSUPP of Linux: no checksums on this device, segments larger than its packets (twice), nothing of the kind. */
    private static final Set<Integer> REFUSALS = Set.of(-5, -22, -90, -95);

    private final Executor afterTurn;
    private final int leastJoined;
    private final LongSupplier nanoClock;
    private final ObjLongConsumer<Figure> count;
    private PacketRun run = new PacketRun();
    private int waitingOctets;
    private long octets; // of all packets that came by
    private boolean flushDue;
    private final Deque<Runnable> atTurnEnd = new ArrayDeque<>(0);
    private boolean refused;
    private long refusedNanos;

    /**
     * Creates the handler of a socket.
     *
     * @param afterTurn runs an action when the present turn of the event loop is over
     * @param leastJoined how many packets are worth going in one piece, or {@link #NEVER}
     * @param count of packets that went so, and of pieces that were refused
     */
    PacketBatch(Executor afterTurn, int leastJoined, LongSupplier nanoClock, ObjLongConsumer<Figure> count) {
        this.afterTurn = afterTurn;
        this.leastJoined = leastJoined;
        this.nanoClock = nanoClock;
        this.count = count;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        DatagramPacket packet = (DatagramPacket) message;
        if (!run.takes(packet)) {
            handOver(ctx);
        }
        run.add(packet, promise);
        waitingOctets += packet.content().readableBytes();
        octets += packet.content().readableBytes();
    }

    /** Returns the batch of a socket. */
    static PacketBatch of(Channel socket) {
        return Objects.requireNonNull(socket.pipeline().get(PacketBatch.class));
    }

    /** Returns how many octets of packets the codec has had to send by the socket so far. */
    long octets() {
        return octets;
    }

    /**
     * Runs an action once, at the end of a turn in which the socket received something or is to send something, before that leaves: of the next one, if not many wait for that.
     */
    void atTurnEnd(Runnable action) {
        atTurnEnd.add(action);
    }

    private void handOver(ChannelHandlerContext ctx) {
        if (run.size() < leastJoined || !isJoining()) {
            run.writeEach(ctx);
            return;
        }
        PacketRun joined = run;
        run = new PacketRun();
        count.accept(Figure.PACKETS_JOINED, joined.size());
        ctx.write(joined.joined()).addListener((ChannelFuture sent) -> onSent(ctx, joined, sent));
    }

    private boolean isJoining() {
        if (refused && nanoClock.getAsLong() - refusedNanos >= PAUSE_NANOS) {
            refused = false;
        }
        return !refused;
    }

    private void onSent(ChannelHandlerContext ctx, PacketRun joined, ChannelFuture sent) {
        if (sent.isSuccess()) {
            joined.succeed();
        } else if (isRefusal(sent.cause())) {
            onRefused(ctx, sent.cause());
            joined.writeEach(ctx);
            ctx.flush();
        } else {
            joined.fail(sent.cause());
        }
    }

    private static boolean isRefusal(Throwable cause) {
        return cause instanceof NativeIoException error && REFUSALS.contains(error.expectedErr());
    }

    private void onRefused(ChannelHandlerContext ctx, Throwable cause) {
        count.accept(Figure.JOINS_REFUSED, 1);
        if (!refused) {
            LOGGER.info(
                    "{}: packets are not taken in one piece, so each goes by itself for a minute: {}",
                    ctx.channel().localAddress(),
                    String.valueOf(cause));
        }
        refused = true;
        refusedNanos = nanoClock.getAsLong();
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (waitingOctets >= MOST_WAITING_OCTETS) {
            flushNow(ctx);
        } else {
            endTurnLater(ctx);
        }
    }

    private void endTurnLater(ChannelHandlerContext ctx) {
        if (!flushDue) {
            flushDue = true;
            afterTurn.execute(() -> endTurn(ctx));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!atTurnEnd.isEmpty()) {
            endTurnLater(ctx); // the codec flushes only what it has to send
        }
        ctx.fireChannelReadComplete();
    }

    private void endTurn(ChannelHandlerContext ctx) {
        try {
            for (int left = Math.min(atTurnEnd.size(), MOST_ACTIONS); left > 0; left--) {
                atTurnEnd.remove().run();
            }
        } finally {
            flushNow(ctx);
        }
    }

    private void flushNow(ChannelHandlerContext ctx) {
        flushDue = false;
        waitingOctets = 0;
        handOver(ctx);
        ctx.flush();
    }

    /** What was written before goes first: a connection that says goodbye, for one. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        flushNow(ctx);
        ctx.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        run.fail(new ClosedChannelException());
    }
}
