package io.lb4j.plugins.registry.sign;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.spec.NamedParameterSpec;

/** The kinds of keys that sign. */
enum KeyKind {
    /** The curve of NIST's by that name, with SHA-256; signatures in DER. */
    P256("EC", "SHA256withECDSA"),
    /** RFC 8032. */
    ED25519("Ed25519", "Ed25519");

    private static final BigInteger P256_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private final String factory;
    private final String signature;

    KeyKind(String factory, String signature) {
        this.factory = factory;
        this.signature = signature;
    }

    KeyFactory factory() throws GeneralSecurityException {
        return KeyFactory.getInstance(factory);
    }

    /** Returns the JDK's name of the signature. */
    String signature() {
        return signature;
    }

    boolean fits(Key key) {
        return switch (this) {
            case P256 ->
                key instanceof ECKey curve && curve.getParams().getOrder().equals(P256_ORDER);
            case ED25519 ->
                key instanceof EdECKey edwards
                        && edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName());
        };
    }
}
