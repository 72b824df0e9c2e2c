package io.lb4j.internal.tls;

import java.util.List;
import java.util.Optional;

/**
 * Engine, versions and cipher suites, for either leg.
 *
 * @param engine what must do the cryptography; empty takes {@link TlsEngine#automatic()}
 * @param protocols the versions of TLS that may be spoken: {@code TLSv1.2}, {@code TLSv1.3}
 * @param cipherSuites in the order of preference, by their registered names; those that the engine does not know are left out
 */
public record TlsParameters(Optional<TlsEngine> engine, List<String> protocols, List<String> cipherSuites) {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    // RFC 9325 §4.2: forward secrecy and authenticated encryption only. None is on HTTP/2's black list (RFC 9113
    // appendix A).
    private static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** Checks and copies what it is given. */
    public TlsParameters {
        if (protocols.isEmpty() || !PROTOCOLS.containsAll(protocols)) {
            throw new IllegalArgumentException("TLS versions: " + protocols + " (expected: some of " + PROTOCOLS + ")");
        }
        if (cipherSuites.isEmpty()) {
            throw new IllegalArgumentException("cipher suites: [] (expected: at least one)");
        }
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
    }

    /**
     * Returns the defaults: the best engine there is, TLS 1.3 and 1.2, and the suites of RFC 9325 §4.2 with elliptic curves, AES-GCM
     * before ChaCha20.
     */
    public static TlsParameters defaults() {
        return new TlsParameters(Optional.empty(), PROTOCOLS, CIPHER_SUITES);
    }

    /** Returns the same parameters with an engine that must be used. */
    public TlsParameters withEngine(TlsEngine forced) {
        return new TlsParameters(Optional.of(forced), protocols, cipherSuites);
    }

    /** Returns the same parameters with other versions of TLS. */
    public TlsParameters withProtocols(String... versions) {
        return new TlsParameters(engine, List.of(versions), cipherSuites);
    }

    boolean includesTls13() {
        return protocols.contains("TLSv1.3");
    }

    TlsEngine chosenEngine() {
        return engine.orElseGet(TlsEngine::automatic).requireAvailable();
    }
}
