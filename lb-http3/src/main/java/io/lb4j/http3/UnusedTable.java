package io.lb4j.http3;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http3.Http3SettingsFrame;
import java.util.List;

/**
 * Has the codec leave a client's table for responses alone, which the client offers in its SETTINGS: it refers to entries that the client has not got yet in more responses than may wait for
 * them (RFC 9204 §2.1.2), and clients end the connection for that. Stands before the codec's handler of the control stream; confined to the event loop.
 */
final class UnusedTable extends ChannelInboundHandlerAdapter {
    private UnusedTable() {}

    /** Puts itself in place, before the codec's handler, behind which another has just been added. */
    static void install(ChannelPipeline pipeline, String behindCodec) {
        List<String> names = pipeline.names();
        pipeline.addBefore(names.get(names.indexOf(behindCodec) - 1), "unused-table", new UnusedTable());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http3SettingsFrame received) {
            received.settings().qpackMaxTableCapacity(0).qpackBlockedStreams(0);
        }
        ctx.fireChannelRead(frame);
    }
}
