package io.lb4j.internal.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;

/**
 * What all contexts of a listener have in common, whatever their certificate. Immutable.
 *
 * @param settings how the listener speaks TLS
 * @param applicationProtocols what is offered by ALPN, most wanted first
 */
record ServerContextRecipe(ServerTlsSettings settings, List<String> applicationProtocols) {
    private static final Duration SESSION_LIFETIME = Duration.ofHours(12);

    /** Returns the recipe for connections that carry exchanges. */
    static ServerContextRecipe of(ServerTlsSettings settings) {
        return new ServerContextRecipe(settings, Alpn.names(settings.versions()));
    }

    /**
     * Returns the recipe for handshakes that validate a name by ACME (RFC 8737 §3): clients show nothing, and the engine is the one that is
     * always there and needs no context for each certificate.
     */
    static ServerContextRecipe ofChallenges(ServerTlsSettings settings) {
        return new ServerContextRecipe(
                settings.withClients(ClientCertificates.off())
                        .withHandshake(settings.handshake().withSessionTickets(true))
                        .withParameters(settings.parameters().withEngine(TlsEngine.JDK)),
                List.of(Alpn.ACME_TLS_1));
    }

    SslContextBuilder applyTo(SslContextBuilder builder) {
        TlsParameters parameters = settings.parameters();
        builder.sslProvider(parameters.chosenEngine().provider())
                .protocols(parameters.protocols())
                .ciphers(parameters.cipherSuites(), SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(Alpn.negotiation(applicationProtocols))
                .sessionTimeout(SESSION_LIFETIME.toSeconds())
                .clientAuth(clientAuth());
        settings.clients().trust().managers().ifPresent(builder::trustManager);
        return builder;
    }

    /**
     * Returns what distinguishes contexts that demand one thing of their clients from those that demand another: a session of the one
     * must not be resumed with the other.
     */
    byte[] resumptionDomain() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("lb4j session tickets".getBytes(StandardCharsets.US_ASCII));
            digest.update((byte) settings.clients().demand().ordinal());
            settings.clients().trust().describeTo(digest);
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 of parsed certificates cannot fail", e);
        }
    }

    private ClientAuth clientAuth() {
        return switch (settings.clients().demand()) {
            case OFF -> ClientAuth.NONE;
            case OPTIONAL -> ClientAuth.OPTIONAL;
            case REQUIRED -> ClientAuth.REQUIRE;
        };
    }
}
