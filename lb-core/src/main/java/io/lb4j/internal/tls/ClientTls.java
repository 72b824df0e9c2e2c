package io.lb4j.internal.tls;

import io.lb4j.http.Version;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * TLS to upstreams: one context, and with it one cache of sessions, for all that share the settings. Thread-safe. It is there as long as
 * somebody holds it: whoever made it does until it is closed, others from {@link #tryHold} to {@link #release}. Connections go on without.
 */
public final class ClientTls implements AutoCloseable {
    private static final String HTTPS = "HTTPS"; // RFC 9110 §4.3.4: the name in the certificate is checked
    private static final String NO_CHECK = "";

    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    private final Optional<String> serverName;
    private final SslContext context;
    private final AtomicInteger holders = new AtomicInteger(1);
    private final Optional<ClientTls> http1; // which does not offer HTTP/2, where this one does not insist on it

    private ClientTls(ClientTlsSettings settings, SslContext context) {
        this.context = context;
        serverName = settings.verification().serverName();
        http1 = settings.versions().size() > 1
                ? Optional.of(create(settings.withVersions(Set.of(Version.HTTP_1_1))))
                : Optional.empty();
    }

    /**
     * Makes the context.
     *
     * @throws IllegalStateException if the settings insist on an engine that is not there
     * @throws IllegalArgumentException if the engine does not take the settings, the client certificate for one
     */
    public static ClientTls create(ClientTlsSettings settings) {
        TlsParameters parameters = settings.parameters();
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(parameters.chosenEngine().provider())
                .protocols(parameters.protocols())
                .ciphers(parameters.cipherSuites(), SupportedCipherSuiteFilter.INSTANCE)
                .endpointIdentificationAlgorithm(settings.verification().trust().isVerifying() ? HTTPS : NO_CHECK);
        settings.verification().trust().managers().ifPresent(builder::trustManager);
        settings.identity().ifPresent(identity -> builder.keyManager(identity.key(), identity.chain()));
        List<String> protocols = Alpn.names(settings.versions());
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(Alpn.negotiation(protocols));
        }
        try {
            return new ClientTls(settings, builder.build());
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException("upstream TLS: the settings are refused by the TLS engine", e);
        }
    }

    /**
     * Makes the handler of a connection, which begins the handshake when the channel is active. It gives up after 10 seconds, unless the
     * handler is told otherwise. A certificate that is not for the name, or not trusted, fails the handshake.
     *
     * @param host what the endpoint is called: a host name, or an IP address, for which no name is asked and which the certificate must
     *     then have among its own
     */
    public SslHandler handler(ByteBufAllocator allocator, String host, int port) {
        String name = serverName.orElse(host);
        SslHandler handler = context.newHandler(allocator, name, port);
        handler.setHandshakeTimeout(HANDSHAKE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        askFor(name, handler.engine());
        return handler;
    }

    /** Returns the same without the offer of HTTP/2; it is closed with this one. */
    public ClientTls forHttp1() {
        return http1.orElse(this);
    }

    /**
     * Holds the context, which is not given back before {@link #release}.
     *
     * @return whether it is still there to be held
     */
    public boolean tryHold() {
        int before = holders.get();
        while (before > 0 && !holders.compareAndSet(before, before + 1)) {
            before = holders.get();
        }
        return before > 0;
    }

    /** Lets go of the context. Must follow each {@link #tryHold} that has returned true, once. */
    public void release() {
        if (holders.decrementAndGet() == 0) {
            http1.ifPresent(ClientTls::close);
            ReferenceCountUtil.release(context);
        }
    }

    /** Lets go of the context on behalf of whoever made it. */
    @Override
    public void close() {
        release();
    }

    private void askFor(String name, SSLEngine engine) {
        if (NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)) {
            return; // RFC 6066 §3: no literal addresses
        }
        SSLParameters parameters = engine.getSSLParameters();
        try {
            // By themselves the engines leave out names without a dot.
            parameters.setServerNames(List.of(new SNIHostName(name)));
        } catch (IllegalArgumentException e) {
            // No host name (RFC 1123 §2.1), for an underscore say. It is not asked for, and fails verification if there
            // is any.
            return;
        }
        engine.setSSLParameters(parameters);
    }
}
