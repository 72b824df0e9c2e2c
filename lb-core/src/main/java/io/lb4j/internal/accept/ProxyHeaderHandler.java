package io.lb4j.internal.accept;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the PROXY header that a trusted peer begins its connection with, hands it over and leaves the pipeline; what follows the header goes
 * on to the handlers that follow. Without a sound header the connection is closed. Confined to the connection's event loop.
 */
final class ProxyHeaderHandler extends ChannelInboundHandlerAdapter {
    private static final Logger logger = LoggerFactory.getLogger(ProxyHeaderHandler.class);

    private final AcceptedConnection connection;
    private final Consumer<ProxyHeader.Complete> onHeader;
    private @Nullable ByteBuf received;

    /**
     * Creates the handler of one connection.
     *
     * @param onHeader adds what comes next to the pipeline; may close the channel
     */
    ProxyHeaderHandler(AcceptedConnection connection, Consumer<ProxyHeader.Complete> onHeader) {
        this.connection = connection;
        this.onHeader = onHeader;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        received = received == null ? data : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), received, data);
        ProxyHeader.Reading reading = ProxyHeader.read(received);
        if (reading instanceof ProxyHeader.Complete complete) {
            take(ctx, complete);
        } else if (reading instanceof ProxyHeader.Malformed malformed) {
            logger.debug("connection {}: closed, its PROXY header: {}", connection.id(), malformed.why());
            ctx.close();
        }
    }

    private void take(ChannelHandlerContext ctx, ProxyHeader.Complete header) {
        ByteBuf all = received;
        received = null;
        onHeader.accept(header);
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
        if (all == null) {
            return;
        }
        all.skipBytes(header.length());
        if (all.isReadable() && ctx.channel().isActive()) {
            ctx.pipeline().fireChannelRead(all); // to what has taken this handler's place
        } else {
            all.release();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (received != null) {
            received.release();
            received = null;
        }
    }
}
