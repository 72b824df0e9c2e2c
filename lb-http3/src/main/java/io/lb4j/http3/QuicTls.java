package io.lb4j.http3;

import io.lb4j.spi.Certificate;
import io.lb4j.spi.TicketKey;
import io.lb4j.spi.TransportTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.SslSessionTicketKey;
import io.netty.handler.ssl.ClientAuth;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The TLS contexts of a listener's QUIC: one for each certificate, made when it is first asked for, and made anew when certificates or what is
 * asked of clients change; connections keep theirs. Session tickets are sealed with the listener's keys, so that they survive a renewal, and
 * work on TCP too. Thread-safe.
 */
final class QuicTls implements AutoCloseable {
    private final Certificates certificates;
    private final TransportTls tls;
    private final EarlyData earlyData;
    private final Runnable unfollow;
    private volatile Contexts current;

    /** Says which certificate a server name is shown. */
    @FunctionalInterface
    interface Certificates {
        /** Returns the certificate for a server name; see {@link TransportTls#certificate}. */
        Optional<Certificate> find(String serverName);
    }

    /**
     * When early data is taken.
     *
     * @param isWanted whether it ever is
     * @param stale the names of ticket keys whose clients may remember more than is granted now: while one of them is good, no early data is taken
     */
    record EarlyData(boolean isWanted, Set<ByteBuffer> stale) {
        EarlyData {
            stale = Set.copyOf(stale);
        }

        private boolean isTaken(List<TicketKey> keys) {
            return isWanted && keys.stream().noneMatch(key -> stale.contains(ByteBuffer.wrap(key.name())));
        }
    }

    /** Contexts that agree in what they ask of clients. */
    private final class Contexts {
        private final Map<Certificate, QuicSslContext> made = new ConcurrentHashMap<>();
        private final ClientAuth clientAuth = ClientAuth.valueOf(
                switch (tls.clientAuth()) {
                    case NONE -> "NONE";
                    case OPTIONAL -> "OPTIONAL";
                    case REQUIRED -> "REQUIRE";
                });
        private final List<X509Certificate> authorities = tls.clientAuthorities();
        private final SslSessionTicketKey[] keys;
        private final boolean takesEarlyData;

        private Contexts() {
            List<TicketKey> ticketKeys = tls.ticketKeys();
            keys = ticketKeys.stream().map(QuicTls::ticketKey).toArray(SslSessionTicketKey[]::new);
            takesEarlyData = earlyData.isTaken(ticketKeys);
        }

        private @Nullable QuicSslContext find(String serverName) {
            return certificates.find(serverName).map(this::of).orElse(null);
        }

        private QuicSslContext of(Certificate certificate) {
            return made.computeIfAbsent(certificate, this::make);
        }

        private QuicSslContext make(Certificate certificate) {
            X509Certificate[] chain = certificate.chain().toArray(X509Certificate[]::new);
            QuicSslContextBuilder builder = QuicSslContextBuilder.forServer(certificate.key(), null, chain)
                    .sni(this::bySni)
                    .applicationProtocols(Http3.NAME)
                    .earlyData(takesEarlyData)
                    .clientAuth(clientAuth);
            if (clientAuth == ClientAuth.NONE) {
                builder.trustManager(TrustNobody.INSTANCE);
            } else {
                builder.trustManager(authorities.toArray(X509Certificate[]::new));
            }
            QuicSslContext context = builder.build();
            context.sessionContext().setTicketKeys(keys);
            return context;
        }

        private @Nullable QuicSslContext bySni(String serverName) {
            return find(normalized(serverName));
        }
    }

    QuicTls(TransportTls tls, Certificates certificates, EarlyData earlyData) {
        this.tls = tls;
        this.certificates = certificates;
        this.earlyData = earlyData;
        current = new Contexts();
        unfollow = tls.follow(this::refresh);
    }

    /** Goes by what certificates, keys and demands are now, for handshakes to come. */
    void refresh() {
        current = new Contexts();
    }

    /**
     * Makes what does a connection's handshake.
     *
     * @throws IllegalStateException if there is no certificate
     */
    QuicSslEngine newEngine(ByteBufAllocator allocator) {
        QuicSslContext context = current.find("");
        if (context == null) {
            throw new IllegalStateException("certificate: none (expected: one)");
        }
        return context.newEngine(allocator);
    }

    /** Returns whether a request for a host may come by a connection whose client asked for a server name. */
    boolean isAuthoritative(String serverName, String host) {
        return certificates
                .find(serverName)
                .map(shown -> tls.isAuthoritative(serverName, shown, host))
                .orElse(false);
    }

    /**
     * Returns when early data is taken by those who come after this.
     *
     * @param isWanted whether it ever is
     * @param isLessGranted whether they grant clients less
     */
    EarlyData nextEarlyData(boolean isWanted, boolean isLessGranted) {
        Set<ByteBuffer> stale = new HashSet<>(earlyData.stale());
        if (isLessGranted) {
            tls.ticketKeys().forEach(key -> stale.add(ByteBuffer.wrap(key.name())));
        }
        return new EarlyData(isWanted, stale);
    }

    /** Returns whether there is a certificate to show. */
    boolean isReady() {
        return certificates.find("").isPresent();
    }

    static String normalized(@Nullable String serverName) {
        String name = serverName == null ? "" : serverName.toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static SslSessionTicketKey ticketKey(TicketKey key) {
        return new SslSessionTicketKey(key.name(), key.macKey(), key.cipherKey());
    }

    @Override
    public void close() {
        unfollow.run();
    }
}
