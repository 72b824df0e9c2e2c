package io.lb4j.plugins.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a secret. Secrets are compared by it, so that how long a comparison takes says nothing of the secret. Immutable.
 *
 * @param hex in lower case
 */
record KeyDigest(String hex) {
    private static final String PREFIX = "sha256:";

    /**
     * Reads a configured key, or the digest of one.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static KeyDigest of(String configured) {
        if (configured.startsWith(PREFIX)) {
            String hex = configured.substring(PREFIX.length());
            if (!hex.matches("[0-9a-fA-F]{64}")) {
                throw new IllegalArgumentException("sha256: and 64 hexadecimal digits");
            }
            return new KeyDigest(HexFormat.of().formatHex(HexFormat.of().parseHex(hex)));
        }
        if (!configured.matches("[\\x21-\\x7e]{16,1024}")) {
            throw new IllegalArgumentException("a key of 16 to 1024 visible characters");
        }
        return ofSecret(configured);
    }

    static KeyDigest ofSecret(String secret) {
        byte[] digest = sha256().digest(secret.getBytes(StandardCharsets.UTF_8));
        return new KeyDigest(HexFormat.of().formatHex(digest));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns it as a configuration has it. */
    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
