package io.lb4j.internal.tls;

import io.lb4j.spi.Certificate;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.util.Set;

/**
 * Whose signatures a client can verify, as its ClientHello says: what decides between certificates with different keys for one name.
 * Immutable.
 *
 * @param schemes of the extension signature_algorithms (RFC 8446 §4.2.3); empty without it
 * @param speaksTls13 whether TLS 1.3 is among the versions that it offers
 * @param takesEcdsaSuites whether it offers a suite of TLS 1.2 that is authenticated by ECDSA or EdDSA
 * @param takesRsaSuites whether it offers a suite of TLS 1.2 that is authenticated by RSA
 */
record SignatureSupport(Set<Integer> schemes, boolean speaksTls13, boolean takesEcdsaSuites, boolean takesRsaSuites) {
    /** Of a client of which nothing is known: everything. */
    static final SignatureSupport ANY = new SignatureSupport(Set.of(), false, true, true);

    private static final Set<Integer> RSA_PSS = Set.of(0x0804, 0x0805, 0x0806);
    private static final Set<Integer> RSA_PKCS1 = Set.of(0x0401, 0x0501, 0x0601);
    private static final Set<Integer> ECDSA = Set.of(0x0403, 0x0503, 0x0603);
    private static final Set<Integer> EDDSA = Set.of(0x0807, 0x0808);
    private static final Set<Integer> ECDSA_SUITES =
            Set.of(0xc008, 0xc009, 0xc00a, 0xc023, 0xc024, 0xc02b, 0xc02c, 0xc0ac, 0xc0ad, 0xc0ae, 0xc0af, 0xcca9);

    SignatureSupport {
        schemes = Set.copyOf(schemes);
    }

    /** Returns whether a suite of TLS 1.2 is authenticated by ECDSA or EdDSA; those of TLS 1.3 leave that open. */
    static boolean isEcdsaSuite(int suite) {
        return ECDSA_SUITES.contains(suite);
    }

    /**
     * Returns whether the client can verify what is signed with a certificate's key.
     *
     * @param servesTls13 whether TLS 1.3 is served at all
     */
    boolean covers(Certificate certificate, boolean servesTls13) {
        PublicKey key = certificate.chain().get(0).getPublicKey();
        boolean tls13 = speaksTls13 && servesTls13;
        return switch (key.getAlgorithm()) {
            case "RSA" -> tls13 ? hasOneOf(RSA_PSS) : takesRsaSuites && (hasOneOf(RSA_PSS) || hasOneOf(RSA_PKCS1));
            case "EC" -> tls13 ? hasOneOf(Set.of(schemeOf((ECKey) key))) : takesEcdsaSuites && hasOneOf(ECDSA);
            case "EdDSA", "Ed25519", "Ed448" -> (tls13 || takesEcdsaSuites) && !schemes.isEmpty() && hasOneOf(EDDSA);
            default -> true; // the engine knows best
        };
    }

    /** Without the extension the suites alone decide (RFC 5246 §7.4.1.4.1). */
    private boolean hasOneOf(Set<Integer> wanted) {
        return schemes.isEmpty() || wanted.stream().anyMatch(schemes::contains);
    }

    /** TLS 1.3 binds the scheme to the curve. */
    private static int schemeOf(ECKey key) {
        int bits = key.getParams().getCurve().getField().getFieldSize();
        if (bits <= 256) {
            return 0x0403;
        }
        return bits <= 384 ? 0x0503 : 0x0603;
    }
}
