package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicDatagramExtensionEvent;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.function.Consumer;

/**
 * The QUIC datagrams of one connection (RFC 9221), told apart by the streams that they belong to (RFC 9297 §2.1). The first handler of its channel. Confined to
 * the event loop.
 */
final class DatagramPort extends ChannelInboundHandlerAdapter {
    /** How many may wait in the codec, in each direction; what is more is lost, as datagrams are. */
    static final int QUEUE = 128;

    private static final int STREAMS_PER_QUARTER = 4;
    /** What a packet of 1200 octets has room for, whatever larger ones are being tried: what is larger goes as a capsule. */
    private static final int MOST_OCTETS =
            1_200 - 1 - 20 - 4 - 16 - 3; // first octet, id, number, seal, type and length

    private final QuicChannel channel;
    private final boolean enabled;
    private final Consumer<Figure> counts;
    private final LongObjectMap<CapsuleTunnel> tunnels = new LongObjectHashMap<>();
    private int quicOctets; // of a datagram that the peer takes
    private boolean agreed; // the peer knows datagrams of HTTP

    /**
     * Creates the port of a connection.
     *
     * @param enabled whether this side has said that it takes datagrams; the codec closes connections that send one without
     */
    DatagramPort(QuicChannel channel, boolean enabled, Consumer<Figure> counts) {
        this.channel = channel;
        this.enabled = enabled;
        this.counts = counts;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof QuicDatagramExtensionEvent extension) {
            quicOctets = Math.min(extension.maxLength(), MOST_OCTETS);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** The peer's SETTINGS have come. */
    void onSettings(Http3Settings settings) {
        agreed = enabled && Boolean.TRUE.equals(settings.h3DatagramEnabled());
    }

    void open(long streamId, CapsuleTunnel tunnel) {
        tunnels.put(streamId, tunnel);
    }

    void close(long streamId) {
        tunnels.remove(streamId);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf datagram) {
            onDatagram(datagram);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void onDatagram(ByteBuf datagram) {
        counts.accept(Figure.DATAGRAMS_RECEIVED);
        long quarter = Varints.read(datagram);
        if (quarter < 0 || quarter > Varints.MOST / STREAMS_PER_QUARTER) {
            datagram.release();
            // Told as the codec tells of what it ends a connection for.
            channel.pipeline()
                    .fireExceptionCaught(new Http3Exception(Http3ErrorCode.H3_DATAGRAM_ERROR, "datagram of no stream"));
            channel.close(true, Http3ErrorCode.H3_DATAGRAM_ERROR.code(), Unpooled.EMPTY_BUFFER);
            return;
        }
        CapsuleTunnel tunnel = tunnels.get(quarter * STREAMS_PER_QUARTER);
        if (tunnel == null || !tunnel.take(datagram)) {
            counts.accept(Figure.DATAGRAMS_DROPPED);
            datagram.release();
        }
    }

    /** Returns how many octets a datagram of a stream may have; less than 0 if there can be none. */
    int room(long streamId) {
        return agreed ? quicOctets - Varints.length(streamId / STREAMS_PER_QUARTER) : -1;
    }

    /** Sends a datagram that is no larger than its stream has {@link #room}; takes it over. */
    void send(long streamId, ByteBuf payload) {
        counts.accept(Figure.DATAGRAMS_SENT);
        ByteBuf datagram = channel.alloc().directBuffer(Varints.MOST_OCTETS + payload.readableBytes());
        Varints.write(datagram, streamId / STREAMS_PER_QUARTER);
        datagram.writeBytes(payload);
        payload.release();
        channel.writeAndFlush(datagram).addListener((ChannelFuture sent) -> {
            if (!sent.isSuccess()) {
                counts.accept(Figure.DATAGRAMS_DROPPED); // the path has become narrower
            }
        });
    }
}
