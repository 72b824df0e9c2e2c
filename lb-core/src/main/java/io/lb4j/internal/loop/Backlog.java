package io.lb4j.internal.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.ssl.SslHandler;

/**
 * What a connection's peer is slow to take: the channel's queue, which counts data by its octets and not by the memory that it keeps alive.
 * While something stays behind, what joins it is to be gathered where it would keep alive more than it is. Confined to an event loop.
 */
public final class Backlog {
    private final ChannelHandlerContext context;
    private final boolean isPlain; // without TLS, which copies what it is given at once
    private boolean lags;

    /** Watches a channel whose handler for TLS, if it has one, is in place. */
    public Backlog(ChannelHandlerContext context) {
        this.context = context;
        isPlain = context.pipeline().get(SslHandler.class) == null;
    }

    /** Looks what a flush has left behind. */
    public void afterFlush() {
        lags = isPlain && isPending();
    }

    /** Returns whether the last flush has left something behind that holds memory of ours. */
    public boolean lags() {
        return lags;
    }

    /** Returns whether something flushed waits for the peer to read. */
    public boolean isPending() {
        ChannelOutboundBuffer queue = context.channel().unsafe().outboundBuffer();
        return queue != null && !queue.isEmpty();
    }

    /** Returns whether data is to be copied rather than passed on as it is. */
    public boolean asksToGather(ByteBuf data) {
        return lags
                && isPending()
                && !Footprint.isTight(
                        data.readableBytes(), Footprint.rootOf(data).capacity());
    }
}
