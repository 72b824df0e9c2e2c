package io.lb4j.plugins.registry.sign;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/** A publisher's private key, P-256 or Ed25519. Immutable. */
public final class SigningKey {
    private final KeyKind kind;
    private final PrivateKey key;

    private SigningKey(KeyKind kind, PrivateKey key) {
        this.kind = kind;
        this.key = key;
    }

    /**
     * Reads a key.
     *
     * @param file with {@code BEGIN PRIVATE KEY} (PKCS #8, not encrypted), in PEM, as {@code openssl genpkey} writes it
     * @throws IOException if there is none of the two kinds; the message shows nothing of it
     */
    public static SigningKey read(Path file) throws IOException {
        byte[] encoded = Pem.read(file, "PRIVATE KEY");
        for (KeyKind kind : KeyKind.values()) {
            try {
                PrivateKey key = kind.factory().generatePrivate(new PKCS8EncodedKeySpec(encoded));
                if (kind.fits(key)) {
                    return new SigningKey(kind, key);
                }
            } catch (GeneralSecurityException e) {
                // It may be of the other kind.
            }
        }
        throw new IOException(file + ": no key (expected: P-256 or Ed25519)");
    }

    /** Returns the signature of a message. */
    public byte[] sign(byte[] message) {
        try {
            Signature signer = Signature.getInstance(kind.signature());
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(kind.signature() + ": cannot sign", e);
        }
    }
}
