package io.lb4j.plugins.registry.sign;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;

/** A publisher's public key, P-256 or Ed25519, under the name that it is known by here. Immutable. */
public final class TrustedKey {
    private final String name;
    private final KeyKind kind;
    private final PublicKey key;

    private TrustedKey(String name, KeyKind kind, PublicKey key) {
        this.name = name;
        this.kind = kind;
        this.key = key;
    }

    /**
     * Reads a key.
     *
     * @param file with {@code BEGIN PUBLIC KEY}, in PEM
     * @throws IOException if there is none of the two kinds
     */
    public static TrustedKey read(String name, Path file) throws IOException {
        byte[] encoded = Pem.read(file, "PUBLIC KEY");
        for (KeyKind kind : KeyKind.values()) {
            try {
                PublicKey key = kind.factory().generatePublic(new X509EncodedKeySpec(encoded));
                if (kind.fits(key)) {
                    return new TrustedKey(name, kind, key);
                }
            } catch (GeneralSecurityException e) {
                // It may be of the other kind.
            }
        }
        throw new IOException(file + ": no key (expected: P-256 or Ed25519)");
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns whether the key's owner has signed a message. */
    public boolean hasSigned(byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(kind.signature());
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false; // not even the form of one
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(kind.signature() + ": missing (every JDK has it)", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
