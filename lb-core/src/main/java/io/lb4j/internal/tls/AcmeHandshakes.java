package io.lb4j.internal.tls;

import io.lb4j.spi.Certificate;
import io.lb4j.spi.ChallengeResponder;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handshakes by which a certificate authority validates a name (TLS-ALPN-01, RFC 8737): a certificate made for the challenge is shown, and the
 * connection closed. Only names with a challenge under way are answered, so that nobody else can make the listener do this work. Thread-safe.
 */
final class AcmeHandshakes {
    private static final Logger logger = LoggerFactory.getLogger(AcmeHandshakes.class);

    private final ChallengeResponder responder;
    private final ServerContexts contexts;

    AcmeHandshakes(ServerTlsSettings settings, ChallengeResponder responder) {
        this.responder = responder;
        contexts = new JdkContexts(ServerContextRecipe.ofChallenges(settings));
    }

    /** Returns whether a client validates a name: it then offers this one protocol and no other (RFC 8737 §3). */
    static boolean isOne(ClientHello hello) {
        return hello.applicationProtocols().equals(List.of(Alpn.ACME_TLS_1));
    }

    /** Returns the certificate that answers; empty if there is no challenge for the name. */
    Optional<Certificate> answer(ClientHello hello) {
        if (hello.serverName().isEmpty()) {
            return Optional.empty();
        }
        try {
            return responder.tlsChallenge(hello.serverName().get());
        } catch (RuntimeException e) {
            logger.warn("challenge by TLS: the responder failed", e);
            return Optional.empty();
        }
    }

    ServerContexts contexts() {
        return contexts;
    }
}
