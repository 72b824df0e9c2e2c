package io.lb4j.internal.codec.http2;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * The way out of a channel: our side is closed behind what was written, and the peer has a moment to close its own. A channel that is
 * closed with unread octets in it would take back what was sent last. Confined to the event loop of its connection.
 */
final class ChannelExit {
    private final ChannelHandlerContext ctx;
    private final ConnectionWatch watch;

    ChannelExit(ChannelHandlerContext ctx, ConnectionWatch watch) {
        this.ctx = ctx;
        this.watch = watch;
    }

    /**
     * Closes our side.
     *
     * @param patient whether the peer has the time of any message to take what was written, or just a moment
     */
    void begin(boolean patient) {
        watch.onLinger(patient);
        // Shutting down throws away what the socket has not taken yet, hence only behind it.
        var unused = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> shutDownOutput());
    }

    private void shutDownOutput() {
        if (!ctx.channel().isActive()) {
            return;
        }
        watch.onLinger(false);
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null) {
            var unused = tls.closeOutbound();
        } else if (ctx.channel() instanceof DuplexChannel channel) {
            var unused = channel.shutdownOutput();
        } else {
            closeNow();
        }
    }

    /** Closes both sides at once. */
    void closeNow() {
        var unused = ctx.close();
    }
}
