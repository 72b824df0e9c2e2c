package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.function.LongSupplier;

/**
 * Tells clients of connections which this process has never had, those of one that has crashed before it, that they are gone (RFC 9000 §10.3). Stands before the codec, which
 * would drop their packets. An answer is shorter than what it answers, so that none can go back and forth for ever, nor make more of what somebody sends in another's
 * name. Confined to the event loop of its socket.
 */
final class StatelessResets extends ChannelInboundHandlerAdapter {
    /** The shortest that a client takes for one. */
    static final int LEAST_OCTETS = 21;

    private static final int FORM_MASK = 0xc0;
    private static final int SHORT_HEADER = 0x40;
    private static final int ID_AT = 1;

    /** From here on an answer need not be just one octet shorter; in length it looks like an acknowledgement. */
    private static final int USUAL_OCTETS = 43;

    private static final int SPREAD_OCTETS = 21;

    private final ConnectionIds ids;
    private final ResetTokens tokens;
    private final Allowance allowance;
    private final LongSupplier nanoClock;
    private final Figures figures;
    private final SecureRandom random = new SecureRandom();

    /** How many resets are sent, and by which clock. */
    record Pace(int perSecond, LongSupplier nanoClock) {}

    /**
     * Creates the handler of a socket.
     *
     * @param ids which are given out here
     */
    StatelessResets(ConnectionIds ids, ResetTokens tokens, Pace pace, Figures figures) {
        this.ids = ids;
        this.tokens = tokens;
        this.figures = figures;
        nanoClock = pace.nanoClock();
        allowance = new Allowance(pace.perSecond(), pace.perSecond(), nanoClock.getAsLong());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        if (!isOfOthers(packet.content())) {
            ctx.fireChannelRead(message);
            return;
        }
        try {
            answer(ctx, packet);
        } finally {
            packet.release();
        }
    }

    private boolean isOfOthers(ByteBuf octets) {
        int begin = octets.readerIndex();
        return octets.readableBytes() >= ID_AT + ConnectionIds.OCTETS
                && (octets.getByte(begin) & FORM_MASK) == SHORT_HEADER
                && !ids.isOurs(octets, begin + ID_AT);
    }

    private void answer(ChannelHandlerContext ctx, DatagramPacket packet) {
        ByteBuf octets = packet.content();
        int length = lengthBy(octets.readableBytes());
        if (length < LEAST_OCTETS) {
            return;
        }
        if (!allowance.take(nanoClock.getAsLong())) {
            figures.count(Figure.STATELESS_RESETS_HELD_BACK);
            return;
        }
        byte[] reset = new byte[length];
        random.nextBytes(reset);
        reset[0] = (byte) ((reset[0] & ~FORM_MASK) | SHORT_HEADER);
        byte[] id = ByteBufUtil.getBytes(octets, octets.readerIndex() + ID_AT, ConnectionIds.OCTETS);
        byte[] token = tokens.of(ByteBuffer.wrap(id));
        System.arraycopy(token, 0, reset, length - token.length, token.length);
        figures.count(Figure.STATELESS_RESETS);
        ctx.writeAndFlush(new DatagramPacket(ctx.alloc().directBuffer(length).writeBytes(reset), packet.sender()));
    }

    /** RFC 9000 §10.3.3: always shorter. */
    private int lengthBy(int received) {
        return received <= USUAL_OCTETS
                ? received - 1
                : Math.min(received - 1, USUAL_OCTETS + random.nextInt(SPREAD_OCTETS));
    }
}
