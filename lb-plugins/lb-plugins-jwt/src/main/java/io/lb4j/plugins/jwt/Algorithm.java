package io.lb4j.plugins.jwt;

/** An algorithm that tokens may be signed by (RFC 7518 §3.1, RFC 8037 §3.1). There is no {@code none}. */
public enum Algorithm {
    /** HMAC with SHA-256. */
    HS256,
    /** HMAC with SHA-384. */
    HS384,
    /** HMAC with SHA-512. */
    HS512,
    /** RSA with SHA-256, padded as PKCS #1 v1.5 has it. */
    RS256,
    /** RSA with SHA-384. */
    RS384,
    /** RSA with SHA-512. */
    RS512,
    /** RSA with SHA-256, padded by PSS. */
    PS256,
    /** RSA with SHA-384, padded by PSS. */
    PS384,
    /** RSA with SHA-512, padded by PSS. */
    PS512,
    /** ECDSA on P-256. */
    ES256,
    /** ECDSA on P-384. */
    ES384,
    /** ECDSA on P-521. */
    ES512,
    /** EdDSA on Curve25519 (RFC 8037). */
    EDDSA;

    /** Returns whether both sides have the same secret. */
    boolean isSymmetric() {
        return name().startsWith("HS");
    }

    /** Returns what it is called in tokens; without the library, which may be absent where this is asked. */
    String text() {
        return this == EDDSA ? "EdDSA" : name();
    }
}
