package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * What is kept of one request: octets that the codec holds because a frame is not whole yet, the head, and what was read of a body that is not wanted at present. The
 * first handler of its stream to see what arrives. Confined to the event loop.
 *
 * <p>What the codec holds is reckoned from above: of octets that came with the last frame, all that were not handed on as data may still be there.
 */
final class InputMemory extends ChannelInboundHandlerAdapter {
    /** Core keeps no more of one direction of an exchange: what waits for the receiver, and what was on its way when it was full. */
    private static final int MOST_HELD_OCTETS = 112 << 10;

    private final Memory memory;
    private final UnreadOctets unread;
    private long inCodec;
    private long ofHead;
    private long sinceWanted; // octets of the body that were handed on since it was last wanted
    private boolean isHeld;
    private boolean reading;
    private boolean frameSeen; // of the octets that are being read
    private int dataSeen;
    private long counted;
    private boolean closed;

    InputMemory(Memory memory, UnreadOctets unread) {
        this.memory = memory;
        this.unread = unread;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        int octets = ((ByteBuf) message).readableBytes();
        unread.onRead(octets);
        reading = true;
        frameSeen = false;
        dataSeen = 0;
        ctx.fireChannelRead(message);
        reading = false;
        inCodec = frameSeen ? Math.max(0, octets - dataSeen) : inCodec + octets;
        count();
    }

    /**
     * The codec has made a frame of what has come.
     *
     * @param octets of data in it
     */
    void onFrame(int octets) {
        frameSeen = true;
        dataSeen += octets;
        sinceWanted = Math.min(MOST_HELD_OCTETS, sinceWanted + octets);
        if (!reading) { // it had waited for entries of QPACK's table
            inCodec = 0;
            count();
        }
    }

    /** The head is there, of so many octets, and is kept to the end. */
    void onHead(long octets) {
        ofHead = octets;
    }

    /** The body is not wanted at present, or is wanted again. */
    void hold(boolean hold) {
        isHeld = hold;
        if (!hold) {
            sinceWanted = 0;
        }
        count();
    }

    /** The request is whole. */
    void onEnd() {
        inCodec = 0;
        count();
    }

    /** The stream is over. */
    void close() {
        closed = true;
        count();
    }

    private void count() {
        long now = closed ? 0 : inCodec + ofHead + (isHeld ? sinceWanted : 0);
        long change = now - counted;
        counted = now;
        memory.add(change);
    }
}
