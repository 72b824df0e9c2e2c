package io.lb4j.server.admin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection whose client may still be sending when it has been refused. A socket that is closed with octets unread in it resets the connection, and the client then
 * loses the answer too (RFC 9112 §9.6): so this side stops sending, and throws away what comes until the client has closed, for as long as it keeps coming, within bounds. Confined to the
 * event loop.
 */
final class Farewell extends ChannelInboundHandlerAdapter {
    /** Octets beyond which nothing more is thrown away. */
    static final long MAX_OCTETS = 64L << 20;

    /** How long it takes at the most. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    /** How long a client is waited for that sends nothing; up to twice that. */
    static final Duration SILENCE = Duration.ofSeconds(5);

    private long octets;
    private boolean isHeard; // since it was looked last
    private @Nullable Future<?> look;
    private @Nullable Future<?> end;

    private Farewell() {}

    /**
     * Begins.
     *
     * @param written the last of what the client is told
     * @param ctx of any handler of the connection
     */
    static void after(ChannelFuture written, ChannelHandlerContext ctx) {
        ctx.pipeline().addFirst(new Farewell()); // before TLS: what comes need not be understood
        ctx.channel().config().setAutoRead(true);
        written.addListener(done -> {
            if (done.isSuccess()) {
                closeOutput(ctx);
            } else {
                ctx.close();
            }
        });
    }

    /** Without close_notify a client would have to suspect that somebody else has ended its connection (RFC 8446 §6.1). */
    private static void closeOutput(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls == null) {
            closeSocketOutput(ctx.channel());
            return;
        }
        tls.closeOutbound().addListener(done -> closeSocketOutput(ctx.channel()));
    }

    private static void closeSocketOutput(Channel channel) {
        if (channel instanceof DuplexChannel duplex && duplex.isActive()) {
            duplex.shutdownOutput();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        long silence = SILENCE.toMillis();
        look = ctx.executor().scheduleAtFixedRate(() -> look(ctx), silence, silence, TimeUnit.MILLISECONDS);
        end = ctx.executor().schedule(() -> ctx.close(), LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(ChannelHandlerContext ctx) {
        if (!isHeard) {
            ctx.close();
        }
        isHeard = false;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        isHeard = true;
        octets += message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
        ReferenceCountUtil.release(message);
        if (octets > MAX_OCTETS) {
            ctx.close();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        cancel(look);
        cancel(end);
    }

    private static void cancel(@Nullable Future<?> task) {
        if (task != null) {
            task.cancel(false);
        }
    }
}
