package io.lb4j.internal.x509;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Turns the three encodings of private keys into one, PKCS#8 (RFC 5958), which the JDK reads. */
final class KeyEncoding {
    private static final String RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
    private static final String EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    private static final int PARAMETERS = 0xa0; // [0] of ECPrivateKey, RFC 5915 §3

    // The algorithm's identifier in PKCS#8, and what the JDK calls it.
    private static final Map<String, String> ALGORITHMS = Map.of(
            RSA_ENCRYPTION,
            "RSA",
            "1.2.840.113549.1.1.10",
            "RSASSA-PSS",
            EC_PUBLIC_KEY,
            "EC",
            "1.3.101.112",
            "EdDSA",
            "1.3.101.113",
            "EdDSA");

    private KeyEncoding() {}

    /**
     * Reads a key in PKCS#8.
     *
     * @throws GeneralSecurityException if it is malformed
     * @throws IllegalArgumentException if it is malformed, or its algorithm is unknown
     */
    static PrivateKey fromPkcs8(byte[] der) throws GeneralSecurityException {
        DerReader key = new DerReader(der).enter(Der.SEQUENCE);
        key.skip(Der.INTEGER);
        byte[] identifier = key.enter(Der.SEQUENCE).enter(Der.OBJECT_IDENTIFIER).octets();
        String algorithm = ALGORITHMS.entrySet().stream()
                .filter(known -> Arrays.equals(contentOf(known.getKey()), identifier))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "its algorithm is unknown (expected: RSA, RSASSA-PSS, EC, Ed25519 or Ed448)"));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    /** Wraps an RSA key in the encoding of PKCS#1 (RFC 8017 appendix A.1.2). */
    static byte[] fromPkcs1(byte[] der) {
        byte[] algorithm = Der.sequence(Der.identifier(RSA_ENCRYPTION), Der.nothing());
        return Der.sequence(Der.integer(0), algorithm, Der.octetString(der));
    }

    /**
     * Wraps an EC key in the encoding of SEC 1 (RFC 5915).
     *
     * @param parameters the curve, from a block of its own, in case the key does not name it
     */
    static byte[] fromSec1(byte[] der, Optional<byte[]> parameters) {
        DerReader key = new DerReader(der).enter(Der.SEQUENCE);
        key.skip(Der.INTEGER);
        key.skip(Der.OCTET_STRING);
        byte[] curve = key.isNext(PARAMETERS)
                ? key.enter(PARAMETERS).octets()
                : parameters.orElseThrow(() -> new IllegalArgumentException("it does not name its curve"));
        byte[] algorithm = Der.sequence(Der.identifier(EC_PUBLIC_KEY), curve);
        return Der.sequence(Der.integer(0), algorithm, Der.octetString(der));
    }

    private static byte[] contentOf(String identifier) {
        return new DerReader(Der.identifier(identifier))
                .enter(Der.OBJECT_IDENTIFIER)
                .octets();
    }
}
