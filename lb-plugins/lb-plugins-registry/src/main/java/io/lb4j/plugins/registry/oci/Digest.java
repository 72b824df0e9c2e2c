package io.lb4j.plugins.registry.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 of a blob or a manifest, by which registries name them. Immutable.
 *
 * @param hex 64 hexadecimal digits in lower case
 */
public record Digest(String hex) {
    private static final String PREFIX = "sha256:";
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    /**
     * Checks the digits.
     *
     * @throws IllegalArgumentException if they are not such
     */
    public Digest {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("digest: \"" + hex + "\" (expected: 64 hexadecimal digits)");
        }
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException if it is anything else, a digest of another kind for one
     */
    public static Digest parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("digest: \"" + text + "\" (expected: sha256: and 64 digits)");
        }
        return new Digest(text.substring(PREFIX.length()));
    }

    /** Returns the digest of some octets. */
    public static Digest of(byte[] octets) {
        return finish(begin(octets));
    }

    /** Returns a hash that has not seen anything yet. */
    static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (every JDK has it)", e);
        }
    }

    private static MessageDigest begin(byte[] octets) {
        MessageDigest hash = begin();
        hash.update(octets);
        return hash;
    }

    /** Returns the digest of all that a hash has seen. */
    static Digest finish(MessageDigest hash) {
        return new Digest(HexFormat.of().formatHex(hash.digest()));
    }

    /** Returns {@code sha256:} and the digits. */
    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
