package io.lb4j.http3;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.QuicStreamResetException;

/**
 * Ends a client's unidirectional stream that the client has reset, which the codec would keep for as long as the connection lasts. To the codec it looks ended: one that HTTP/3 cannot do
 * without then ends the connection (RFC 9114 §6.2.1). The first handler of its stream. Confined to the event loop.
 */
final class UnidirectionalStream extends ChannelInboundHandlerAdapter {
    private final Conduct conduct;

    UnidirectionalStream(Conduct conduct) {
        this.conduct = conduct;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof QuicStreamResetException) {
            conduct.onAbandoned();
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            ctx.close();
        }
        ctx.fireExceptionCaught(cause);
    }
}
