package io.lb4j.internal.codec.http1;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways to end a connection. Called on its event loop. */
final class Hangup {
    private static final Logger LOGGER = LoggerFactory.getLogger(Hangup.class);

    private Hangup() {}

    /** Cuts a connection in such a way that the peer cannot take what it has read for whole: RST, and no close_notify before it. */
    static void cut(Channel channel) {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException unsettable) {
            // The socket is in a state of failure already. To close it is still right, and is all that can be done.
            LOGGER.debug("{}: SO_LINGER could not be set", channel, unsettable);
        }
        // Past the TLS handler: it would say goodbye properly, and a body that ends with the connection would look
        // whole.
        channel.unsafe().close(channel.voidPromise());
    }

    /** Closes a connection in good order, but drops what has not gone out. */
    static void closeNow(ChannelHandlerContext context) {
        // The handler hears of the end by channelInactive, as it does of every other end.
        ChannelFuture unused = context.close();
    }

    /** Closes a connection when all that was written has gone out. */
    static void close(ChannelHandlerContext context) {
        written(context).addListener(done -> closeNow(context));
    }

    /**
     * Closes the writing half when all that was written has gone out. The reading half stays open.
     *
     * @param onDone is run on the event loop when that has happened, or has failed
     */
    static void shutdownOutput(ChannelHandlerContext context, Runnable onDone) {
        written(context).addListener(done -> shutdown(context, onDone));
    }

    private static void shutdown(ChannelHandlerContext context, Runnable onDone) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls == null) {
            shutdownSocket(context.channel(), onDone);
            return;
        }
        // close_notify first: without it the peer would have to suspect that the end was forged (RFC 8446 §6.1).
        tls.closeOutbound().addListener(done -> shutdownSocket(context.channel(), onDone));
    }

    private static void shutdownSocket(Channel channel, Runnable onDone) {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput().addListener(done -> onDone.run());
            return;
        }
        // A transport without halves: its end is the only end there is.
        channel.close().addListener(done -> onDone.run());
    }

    private static ChannelFuture written(ChannelHandlerContext context) {
        return context.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }
}
