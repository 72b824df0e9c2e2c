package io.lb4j.internal.tls;

import io.lb4j.spi.Certificate;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * The one context of the JDK's engine. Its session tickets are sealed with keys of its own that cannot be set, so a context for each
 * certificate would lose every session in a swap; instead the key manager shows each connection the certificate chosen for it. From JDK
 * 25 on a renewal costs the sessions all the same: tickets name the chain that they were issued with.
 *
 * <p>Handshakes work on the event loop: what the JDK delegates is computation of a millisecond or so, and never waits.
 */
final class JdkContexts implements ServerContexts {
    private static final int NO_PORT = 0;

    private final ChosenCertificates certificates = new ChosenCertificates();
    private final SslContext context;

    JdkContexts(ServerContextRecipe recipe) {
        if (!recipe.settings().handshake().sessionTickets()) {
            throw new IllegalArgumentException(
                    "session_tickets: false (expected: true with the JDK's engine, which cannot go without)");
        }
        try {
            context = recipe.applyTo(SslContextBuilder.forServer(certificates)).build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("TLS settings: refused by the JDK's engine", e);
        }
    }

    @Override
    public void prepare(Set<Certificate> live) {
        // The context knows no certificate: each connection brings its own.
    }

    @Override
    public SslHandler handler(Certificate certificate, ByteBufAllocator allocator) {
        String alias = certificates.add(certificate);
        // The name of the peer is the server's own to choose; here it tells the key manager what to show.
        SslHandler handler = context.newHandler(allocator, alias, NO_PORT);
        handler.handshakeFuture().addListener(ended -> certificates.remove(alias));
        return handler;
    }

    @Override
    public void close() {
        // The JDK's context holds nothing that has to be given back.
    }
}
