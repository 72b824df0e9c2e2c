package io.lb4j.http3;

import io.lb4j.config.Settings;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.handler.codec.quic.QuicResetTokenGenerator;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.util.concurrent.TimeUnit;

/** Makes the codecs of a listener's sockets and connections by what the configuration says. Immutable. */
final class ServerCodecs {
    private static final long UNI_STREAM_OCTETS = 65_536;
    /** The codec ends connections whose field sections are larger than its limit: it is kept well above ours, which is answered. */
    private static final long SECTION_SLACK = 4;

    private static final long LEAST_SECTION_OCTETS = 256 * 1024;
    private static final long MOST_IN_FOUR_OCTETS = (1 << 30) - 1;

    private final Settings settings;
    private final Qlog qlog;

    ServerCodecs(Settings settings, String listener) {
        this.settings = settings;
        qlog = new Qlog(settings, Http3Options.QLOG, Http3Options.QLOG_CONNECTIONS, "listener " + listener);
    }

    /** What belongs to a socket alone. */
    record Socket(DatagramChannel channel, Http3Loop loop, Ids ids) {}

    /**
     * What connections are known by.
     *
     * @param made makes their ids
     * @param proofs by which clients prove their address
     * @param resets by which clients know that a connection is gone
     */
    record Ids(QuicConnectionIdGenerator made, QuicTokenHandler proofs, QuicResetTokenGenerator resets) {}

    private QuicSslEngine engine(Http3Loop loop, QuicChannel channel) {
        // Here, for the channel is registered next.
        qlog.next().ifPresent(log -> channel.config().setOption(QuicChannelOption.QLOG, log));
        return loop.plan().tls().newEngine(channel.alloc());
    }

    /** Makes the codec of a socket. */
    ChannelHandler quic(Socket socket) {
        long streamWindow = inFourOctets(settings.value(Http3Options.INITIAL_MAX_STREAM_DATA));
        QuicServerCodecBuilder builder = new QuicServerCodecBuilder();
        if (settings.value(Http3Options.ENABLE_DATAGRAMS)) {
            builder.datagram(DatagramPort.QUEUE, DatagramPort.QUEUE);
        }
        PacketSize.discover(builder, socket.channel(), settings.value(Http3Options.MAX_PACKET_SIZE));
        return builder.sslEngineProvider(channel -> engine(socket.loop(), channel))
                // At once, but not by the executor that the codec knows to be immediate: then it would look for early
                // data before the
                // handshake has gone on, and find what came in one datagram with the first packet only a round trip
                // later.
                .sslTaskExecutor(Runnable::run)
                .maxIdleTimeout(
                        inFourOctets(
                                settings.value(Http3Options.MAX_IDLE_TIMEOUT).toMillis()),
                        TimeUnit.MILLISECONDS)
                .maxRecvUdpPayloadSize(ManyPackets.PACKET_OCTETS)
                .initialMaxData(Math.max(streamWindow, inFourOctets(settings.value(Http3Options.INITIAL_MAX_DATA))))
                .initialMaxStreamDataBidirectionalRemote(streamWindow)
                .initialMaxStreamDataBidirectionalLocal(streamWindow)
                .initialMaxStreamDataUnidirectional(UNI_STREAM_OCTETS)
                .initialMaxStreamsBidirectional(settings.value(Http3Options.MAX_INCOMING_STREAMS))
                .initialMaxStreamsUnidirectional(settings.value(Http3Options.MAX_INCOMING_UNI_STREAMS))
                .congestionControlAlgorithm(congestionControl())
                .initialCongestionWindowPackets(settings.value(Http3Options.INITIAL_CONGESTION_WINDOW))
                .activeMigration(settings.value(Http3Options.MIGRATION))
                .activeConnectionIdLimit(settings.value(Http3Options.ACTIVE_CONNECTION_IDS))
                .localConnectionIdLength(ConnectionIds.OCTETS)
                .connectionIdAddressGenerator(socket.ids().made())
                .resetTokenGenerator(socket.ids().resets())
                .tokenHandler(socket.ids().proofs())
                .handler(new ConnectionSetup(socket.loop()))
                .build();
    }

    /** Of what clients are told; quiche has little room for it, see {@link ConnectionIds}. */
    private static long inFourOctets(long number) {
        return Math.min(number, MOST_IN_FOUR_OCTETS);
    }

    private QuicCongestionControlAlgorithm congestionControl() {
        return switch (settings.value(Http3Options.CONGESTION_CONTROL)) {
            case CUBIC -> QuicCongestionControlAlgorithm.CUBIC;
            case BBR -> QuicCongestionControlAlgorithm.BBR;
            case RENO -> QuicCongestionControlAlgorithm.RENO;
        };
    }

    private Http3Settings http3Settings(long headerOctets) {
        return new Http3Settings()
                .maxFieldSectionSize(Math.max(LEAST_SECTION_OCTETS, SECTION_SLACK * headerOctets))
                .qpackMaxTableCapacity(settings.value(Http3Options.QPACK_TABLE))
                .qpackBlockedStreams(hasTable() ? settings.value(Http3Options.QPACK_BLOCKED_STREAMS) : 0)
                .enableConnectProtocol(true)
                .enableH3Datagram(settings.value(Http3Options.ENABLE_DATAGRAMS));
    }

    private boolean hasTable() {
        return settings.value(Http3Options.QPACK_TABLE) > 0;
    }

    /** Sets a connection up when its first packet has come. */
    private final class ConnectionSetup extends ChannelInitializer<QuicChannel> {
        private final Http3Loop loop;

        ConnectionSetup(Http3Loop loop) {
            this.loop = loop;
        }

        @Override
        protected void initChannel(QuicChannel channel) {
            Http3ServerConnection connection = new Http3ServerConnection(loop, channel);
            Http3Settings local = http3Settings(loop.plan().listener().limits().headerSize());
            channel.pipeline().addLast(connection.datagrams(), connection);
            channel.pipeline()
                    .addLast(new Http3ServerConnectionHandler(
                            new StreamSetup(connection),
                            new ControlFrames(connection),
                            null,
                            new DefaultHttp3SettingsFrame(local),
                            !hasTable()))
                    .addLast(new Unheard(connection::onCodecFault));
        }
    }

    /** Sets a request's stream up. */
    private static final class StreamSetup extends ChannelInitializer<QuicStreamChannel> {
        private final Http3ServerConnection connection;

        StreamSetup(Http3ServerConnection connection) {
            this.connection = connection;
        }

        @Override
        protected void initChannel(QuicStreamChannel channel) {
            connection.onRequestStream(channel);
        }

        @Override
        public boolean isSharable() {
            return true;
        }
    }
}
