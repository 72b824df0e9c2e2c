package io.lb4j.plugins.registry;

import io.lb4j.plugins.registry.sign.SigningKey;
import io.lb4j.plugins.registry.sign.TrustedKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/**
 * A publisher's pair of keys, in files.
 *
 * @param secret the private key
 * @param open the public key
 */
public record Keys(Path secret, Path open) {
    /** Makes keys for Ed25519. */
    public static Keys ed25519(Path folder, String name) {
        try {
            return write(folder, name, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes keys on a curve: {@code secp256r1}, say. */
    public static Keys ec(Path folder, String name, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return write(folder, name, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Keys write(Path folder, String name, KeyPair pair) {
        return new Keys(
                pem(folder.resolve(name + ".key"), "PRIVATE KEY", pair.getPrivate()),
                pem(folder.resolve(name + ".pub"), "PUBLIC KEY", pair.getPublic()));
    }

    private static Path pem(Path file, String label, Key key) {
        String coded = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        try {
            return Files.writeString(
                    file, "-----BEGIN " + label + "-----\n" + coded + "\n-----END " + label + "-----\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the private key. */
    public SigningKey signing() throws IOException {
        return SigningKey.read(secret);
    }

    /** Returns the public key. */
    public TrustedKey trusted() throws IOException {
        return TrustedKey.read("publisher", open);
    }
}
