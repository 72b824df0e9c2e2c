package io.lb4j.http3;

import io.lb4j.http3.H3Client.H3Frame;
import io.lb4j.testkit.net.PortPair;
import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.impl.QuicConnectionImpl;
import tech.kwik.core.server.ApplicationProtocolConnection;
import tech.kwik.core.server.ApplicationProtocolConnectionFactory;
import tech.kwik.core.server.ServerConnectionConfig;

/** An endpoint of HTTP/3 that shares no code with ours, frame by frame: QUIC and QPACK of kwik, the frames by hand. */
final class H3Endpoint implements AutoCloseable {
    private static final int CONTROL_STREAM = 0x0;
    private static final int ENABLE_CONNECT_PROTOCOL = 0x8;

    private final @Nullable ReservedPort tcp; // nobody answers there: who turns to it meets no stranger
    private final KwikServer server;
    private final Reaction reaction;
    private final StreamEnds ends = new StreamEnds();
    private final BlockingQueue<H3Frame> control = new LinkedBlockingQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Nudges nudges = new Nudges();

    /** What is done with a request. */
    @FunctionalInterface
    interface Reaction {
        /**
         * Answers, or does not.
         *
         * @param request the stream, whose first frame was read
         * @param head that frame
         */
        void to(H3Exchange request, H3Frame head) throws IOException;
    }

    private H3Endpoint(
            DatagramSocket udp,
            @Nullable ReservedPort tcp,
            Consumer<ServerConnectionConfig.Builder> more,
            Reaction reaction) {
        this.tcp = tcp;
        this.reaction = reaction;
        server = new KwikServer(udp, TestCertificates.create().server("endpoint.test"), more, ends, new Connections());
    }

    static H3Endpoint start(Reaction reaction) {
        return start(more -> {}, reaction);
    }

    static H3Endpoint start(Consumer<ServerConnectionConfig.Builder> more, Reaction reaction) {
        PortPair<ReservedPort> ports = PortPair.bind(ReservedPort::any, ReservedPort::address);
        return new H3Endpoint(ports.udp(), ports.tcp(), more, reaction);
    }

    /** Starts at a UDP socket, beside a TCP port where somebody answers. */
    static H3Endpoint at(DatagramSocket udp, Reaction reaction) {
        return new H3Endpoint(udp, null, more -> {}, reaction);
    }

    private final class Connections implements ApplicationProtocolConnectionFactory {
        @Override
        public ApplicationProtocolConnection createConnection(String protocol, QuicConnection connection) {
            connections.incrementAndGet();
            QuicConnectionImpl quic = (QuicConnectionImpl) connection;
            try {
                QuicStream settings = connection.createStream(false);
                OutputStream out = settings.getOutputStream();
                out.write(new byte[] {CONTROL_STREAM, H3Client.SETTINGS, 2, ENABLE_CONNECT_PROTOCOL, 1});
                out.flush();
                nudges.add(quic, settings);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new ApplicationProtocolConnection() {
                @Override
                public void acceptPeerInitiatedStream(QuicStream stream) {
                    if (stream.isBidirectional()) {
                        nudges.add(quic, stream);
                    }
                    Thread thread = new Thread(() -> serve(stream), "h3-endpoint");
                    thread.setDaemon(true);
                    thread.start();
                }
            };
        }

        @Override
        public int maxConcurrentPeerInitiatedUnidirectionalStreams() {
            return 10;
        }

        @Override
        public int maxConcurrentPeerInitiatedBidirectionalStreams() {
            return 50;
        }
    }

    private void serve(QuicStream stream) {
        try {
            InputStream in = stream.getInputStream();
            if (stream.isUnidirectional()) {
                readControl(in);
            } else {
                reaction.to(new H3Exchange(stream), H3Frame.read(in));
            }
        } catch (IOException e) {
            // the other side has ended the stream, or the connection
        }
    }

    private void readControl(InputStream in) throws IOException {
        while (H3Frame.readInteger(in) == CONTROL_STREAM) {
            for (; ; ) {
                control.add(H3Frame.read(in));
            }
        }
    }

    /** Waits for a frame of a type on the balancer's control stream. */
    H3Frame nextControl(int type) {
        try {
            for (; ; ) {
                H3Frame next = Objects.requireNonNull(
                        control.poll(30, TimeUnit.SECONDS), "control frame " + type + ": none within 30 seconds");
                if (next.type() == type) {
                    return next;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Returns by which codes the balancer has ended streams. */
    StreamEnds ends() {
        return ends;
    }

    /** Returns how many connections there were. */
    int connections() {
        return connections.get();
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        nudges.close();
        server.close();
        if (tcp != null) {
            tcp.close();
        }
    }
}
