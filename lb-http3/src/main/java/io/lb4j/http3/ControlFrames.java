package io.lb4j.http3;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http3.Http3CancelPushFrame;
import io.netty.handler.codec.http3.Http3GoAwayFrame;
import io.netty.handler.codec.http3.Http3MaxPushIdFrame;
import io.netty.handler.codec.http3.Http3SettingsFrame;
import io.netty.handler.codec.http3.Http3UnknownFrame;
import io.netty.util.ReferenceCountUtil;

/** Hears and counts what comes on a client's control stream, behind the codec, which has judged it. Confined to the event loop. */
final class ControlFrames extends ChannelInboundHandlerAdapter {
    private final Http3ServerConnection connection;

    ControlFrames(Http3ServerConnection connection) {
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        UnusedTable.install(ctx.pipeline(), ctx.name());
        ctx.pipeline().addLast(new Unheard(connection::onCodecFault));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        onFrame(frame);
        ReferenceCountUtil.release(frame);
        connection.onIdleFrame();
    }

    private void onFrame(Object frame) {
        if (frame instanceof Http3SettingsFrame received) {
            connection.datagrams().onSettings(received.settings());
        } else if (frame instanceof Http3MaxPushIdFrame allowed) {
            connection.pushes().onMaxPushId(allowed.id());
        } else if (frame instanceof Http3CancelPushFrame cancelled) {
            connection.pushes().onCancel(cancelled.id());
        } else if (frame instanceof Http3GoAwayFrame goodbye) {
            connection.pushes().onGoAway(goodbye.id());
        } else if (frame instanceof Http3UnknownFrame other) {
            onUnknown(other);
        }
    }

    private void onUnknown(Http3UnknownFrame frame) {
        if (frame.type() == PriorityUpdates.OF_REQUESTS) {
            connection.priorities().onFrame(frame.content());
        } else if (frame.type() == PriorityUpdates.OF_PUSHES) {
            long pushId = Varints.read(frame.content());
            connection.pushes().onPriority(pushId, PriorityUpdates.read(frame.content()));
        }
    }
}
