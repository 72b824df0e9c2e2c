package io.lb4j.http3;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears failures that nobody else has: of one packet, or of a socket that is being closed. What they do to a connection shows by its end. The last
 * handler of sockets, connections and unidirectional streams; stateless.
 */
@ChannelHandler.Sharable
final class Unheard extends ChannelInboundHandlerAdapter {
    static final Unheard FAILURES = new Unheard(cause -> {});

    private static final Logger LOGGER = LoggerFactory.getLogger(Unheard.class);

    private final Consumer<Throwable> heard;

    /**
     * Creates one that tells of faults all the same.
     *
     * @param heard is told of each, on the event loop
     */
    Unheard(Consumer<Throwable> heard) {
        this.heard = heard;
    }

    /** Goes along to the peer's unidirectional streams, behind the codec's handlers and before anything is read. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof QuicStreamChannel stream && stream.type() == QuicStreamType.UNIDIRECTIONAL) {
            stream.pipeline().addLast(this);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOGGER.debug("{}", ctx.channel(), cause);
        heard.accept(cause);
    }
}
