package io.lb4j.http3;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the end of a request back while QPACK holds its head back: the codec would throw away at the end what it has not decoded yet. The first
 * handler of its stream, where there is a dynamic table. Confined to the event loop.
 */
final class HeldEnd extends ChannelInboundHandlerAdapter {
    private final RequestInput input;
    private final List<Object> held = new ArrayList<>(2);
    private @Nullable ChannelHandlerContext context;

    HeldEnd(RequestInput input) {
        this.input = input;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean isEnd =
                event == ChannelInputShutdownEvent.INSTANCE || event == ChannelInputShutdownReadComplete.INSTANCE;
        if (isEnd && !input.isHeadSeen()) {
            held.add(event);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** The head is there: so may the end be. */
    void release() {
        ChannelHandlerContext ctx = context;
        if (ctx != null && !held.isEmpty()) {
            List<Object> events = List.copyOf(held);
            held.clear();
            events.forEach(ctx::fireUserEventTriggered);
        }
    }
}
