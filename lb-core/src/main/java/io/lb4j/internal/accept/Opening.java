package io.lb4j.internal.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lb4j.http.Version;
import io.lb4j.internal.loop.LoopTimer;
import io.lb4j.internal.tls.Alpn;
import io.lb4j.internal.tls.HandshakeFailure;
import io.lb4j.internal.tls.HandshakeListener;
import io.lb4j.internal.tls.ServerTls;
import io.lb4j.internal.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings an accepted connection to the point where a codec takes over: through the TLS handshake where there is one, or by a look at
 * the first octets. Then it leaves the pipeline.
 *
 * <p>Without TLS a client of HTTP/2 is known by its preface (RFC 9113 §3.4); the first octet that differs decides for HTTP/1.1. The
 * upgrade from HTTP/1.1 to h2c is not offered: RFC 9113 §3.1 withdrew it.
 */
final class Opening extends ChannelInboundHandlerAdapter implements HandshakeListener {
    private static final Logger logger = LoggerFactory.getLogger(Opening.class);
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    private final AcceptedConnection connection;
    private final LoopConnections connections;
    private final ConnectionPolicy policy;
    private final Acceptor acceptor;
    private final LoopTimer.Timeout detectionTimeout = new LoopTimer.Timeout() {
        @Override
        protected void expire() {
            logger.debug("connection {}: closed, it showed no protocol in time", connection.id());
            connection.channel().close();
        }
    };
    private @Nullable ByteBuf sniffed; // what is, so far, the beginning of the preface

    Opening(AcceptedConnection connection, LoopConnections connections, ConnectionPolicy policy, Acceptor acceptor) {
        this.connection = connection;
        this.connections = connections;
        this.policy = policy;
        this.acceptor = acceptor;
    }

    /** Begins; the pipeline hears no more of the channel's becoming active. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!policy.isProxy(connection.peer().getAddress())) {
            begin(ctx);
            return;
        }
        ProxyHeaderHandler reader = new ProxyHeaderHandler(connection, header -> {
            connections.loop().timer().cancel(detectionTimeout);
            if (isClientAdmitted(header)) {
                begin(ctx);
            } else {
                ctx.close();
            }
        });
        ctx.pipeline().addBefore(ctx.name(), null, reader);
        setDetectionTimeout();
    }

    /** Takes note of the client that a proxy has named; without a name the proxy speaks for itself. */
    private boolean isClientAdmitted(ProxyHeader.Complete header) {
        InetSocketAddress client = header.client().orElse(connection.peer());
        ClientPrefix counted = Admission.countedClient(client, policy.limits());
        if (counted != null
                && !acceptor.admission().admitClient(counted, policy.limits().perClient())) {
            connections.counts().add(LoopCounts.REFUSED_BY_CLIENT, 1);
            logger.debug("connection {} from {}: closed, its client has too many", connection.id(), client);
            return false;
        }
        connection.onProxied(client, header.target().orElse(connection.target()), counted);
        return true;
    }

    private void begin(ChannelHandlerContext ctx) {
        if (policy.tls().isPresent()) {
            ServerTls tls = policy.tls().get();
            ctx.pipeline().addBefore(ctx.name(), null, tls.handler(connections.loop(), this));
            return;
        }
        if (policy.versions().size() == 1) {
            open(ctx, policy.versions().iterator().next());
            return;
        }
        setDetectionTimeout();
    }

    private void setDetectionTimeout() {
        connections
                .loop()
                .timer()
                .set(detectionTimeout, policy.detectionTimeout().toNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (sniffed != null) {
            data = sniffed.writeBytes(data);
            ((ByteBuf) message).release();
        }
        int matching = matchingOctets(data);
        if (matching == PREFACE.length) {
            openWith(ctx, Version.HTTP_2, data);
            return;
        }
        if (matching < data.readableBytes()) {
            openWith(ctx, Version.HTTP_1_1, data);
            return;
        }
        if (sniffed == null) {
            sniffed = ctx.alloc().buffer(PREFACE.length).writeBytes(data);
            data.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        connections.loop().flusher().endEvent();
    }

    @Override
    public void onSecured(TlsSession session) {
        connection.onSecured(session);
        LoopCounts counts = connections.counts();
        counts.add(LoopCounts.HANDSHAKES, 1);
        if (session.isResumed()) {
            counts.add(LoopCounts.RESUMPTIONS, 1);
        }
        Version version = versionOf(session.applicationProtocol());
        if (!policy.versions().contains(version)) {
            // Without ALPN a client means HTTP/1.1 (RFC 9113 §3.3), which is not served here.
            logger.debug("connection {}: closed, {} is not served here", connection.id(), version);
            connection.channel().close();
            return;
        }
        open(connection.channel().pipeline().context(this), version);
    }

    @Override
    public void onFailure(HandshakeFailure reason, @Nullable Throwable cause) {
        connections.counts().addFailure(reason);
        logger.debug(
                "connection {} from {}: TLS handshake failed: {}{}",
                connection.id(),
                connection.remoteAddress(),
                reason,
                cause == null ? "" : ", " + cause.getMessage());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        logger.debug("connection {}: lost before its first request: {}", connection.id(), cause.toString());
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        connections.loop().timer().cancel(detectionTimeout);
        if (sniffed != null) {
            sniffed.release();
            sniffed = null;
        }
    }

    private void openWith(ChannelHandlerContext ctx, Version version, ByteBuf data) {
        sniffed = null; // it is among the data
        connections.loop().timer().cancel(detectionTimeout);
        install(ctx, version);
        ctx.fireChannelRead(data);
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    private void open(ChannelHandlerContext ctx, Version version) {
        install(ctx, version);
        ctx.pipeline().remove(this);
    }

    private void install(ChannelHandlerContext ctx, Version version) {
        connection.onVersion(version);
        // The two halves of an HTTP/1.1 tunnel end one by one; in HTTP/2 streams do that. Outside a tunnel the codec
        // takes a client that ends its half for one that has gone.
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, version == Version.HTTP_1_1);
        connection.onCodec(
                version == Version.HTTP_2
                        ? acceptor.protocols().http2(ctx.channel(), connections.loop(), connection)
                        : acceptor.protocols().http1(ctx.channel(), connections.loop(), connection));
        if (connections.isDraining()) {
            connection.drain();
        }
    }

    private static Version versionOf(Optional<String> applicationProtocol) {
        return applicationProtocol.equals(Optional.of(Alpn.HTTP_2)) ? Version.HTTP_2 : Version.HTTP_1_1;
    }

    private static int matchingOctets(ByteBuf data) {
        int most = Math.min(data.readableBytes(), PREFACE.length);
        for (int i = 0; i < most; i++) {
            if (data.getByte(data.readerIndex() + i) != PREFACE[i]) {
                return i;
            }
        }
        return most;
    }
}
