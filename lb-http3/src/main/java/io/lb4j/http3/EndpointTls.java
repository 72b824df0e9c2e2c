package io.lb4j.http3;

import io.lb4j.model.Endpoint;
import io.lb4j.spi.UpstreamTransport;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.cert.X509Certificate;

/** How the handshake with a cluster's endpoints is done. Immutable. */
final class EndpointTls {
    private final UpstreamTransport.Tls tls;
    private final QuicSslContext context;

    EndpointTls(UpstreamTransport.Tls tls, boolean earlyData) {
        this.tls = tls;
        QuicSslContextBuilder builder = QuicSslContextBuilder.forClient()
                .applicationProtocols(Http3.NAME)
                .earlyData(earlyData);
        if (!tls.isVerified()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            builder.endpointIdentificationAlgorithm("");
        } else {
            builder.endpointIdentificationAlgorithm("HTTPS");
            if (!tls.authorities().isEmpty()) {
                builder.trustManager(tls.authorities().toArray(X509Certificate[]::new));
            }
        }
        tls.identity()
                .ifPresent(identity -> builder.keyManager(
                        identity.key(), null, identity.chain().toArray(X509Certificate[]::new)));
        context = builder.build();
    }

    QuicSslEngine newEngine(ByteBufAllocator allocator, Endpoint endpoint) {
        return context.newEngine(allocator, tls.serverName().orElse(endpoint.name()), endpoint.port());
    }
}
