package io.lb4j.acme.internal.archive;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form of what is stored: a checksum, lines of names and values, then keys and certificates in PEM (RFC 7468), which other programs read as it is.
 * Immutable.
 */
final class Entry {
    private static final String CHECKSUM = "sha-256: ";
    private static final int PEM_WIDTH = 64;
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----", Pattern.DOTALL);
    private static final Pattern PUBLIC_KEY =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----", Pattern.DOTALL);

    private final String text;
    private final Map<String, String> values;

    private Entry(String text, Map<String, String> values) {
        this.text = text;
        this.values = values;
    }

    /**
     * Reads what {@link Writer} has written.
     *
     * @throws IllegalArgumentException if it is not that, or no longer whole
     */
    static Entry of(byte[] stored) {
        String whole = new String(stored, StandardCharsets.UTF_8);
        int end = whole.indexOf('\n');
        if (end < 0 || !whole.substring(0, end).equals(CHECKSUM + checksum(whole.substring(end + 1)))) {
            throw new IllegalArgumentException("checksum: wrong (expected: a value as it was written)");
        }
        String text = whole.substring(end + 1);
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            int colon = line.indexOf(": ");
            if (line.startsWith("-----")) {
                break;
            }
            if (colon > 0) {
                values.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        return new Entry(text, values);
    }

    private static String checksum(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * Returns the value of a line that has to be there.
     *
     * @throws IllegalArgumentException if it is not
     */
    String value(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException(name + ": missing (expected: a line with it)"));
    }

    /** Returns the lines whose names begin with a text, by the rest of their names. */
    Map<String, String> below(String beginning) {
        Map<String, String> found = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(beginning)) {
                found.put(name.substring(beginning.length()), value);
            }
        });
        return found;
    }

    /** Returns the whole, for those who read PEM. */
    String text() {
        return text;
    }

    /**
     * Returns the pair of keys.
     *
     * @throws IllegalArgumentException if there is none, or it cannot be read
     */
    KeyPair keys() {
        String algorithm = value("algorithm");
        Matcher matcher = PRIVATE_KEY.matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("private key: missing (expected: PKCS#8 in PEM)");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
            PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            return new KeyPair(publicKey(algorithm), key);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("private key: it cannot be read (expected: PKCS#8 in PEM)", e);
        }
    }

    /**
     * Returns the public key.
     *
     * @throws IllegalArgumentException if there is none, or it cannot be read
     */
    private PublicKey publicKey(String algorithm) {
        Matcher matcher = PUBLIC_KEY.matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("public key: missing (expected: one in PEM)");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("public key: it cannot be read (expected: one in PEM)", e);
        }
    }

    /** Writes an entry. Confined to one thread. */
    static final class Writer {
        private final StringBuilder lines = new StringBuilder();
        private final StringBuilder blocks = new StringBuilder();

        Writer line(String name, String value) {
            lines.append(name)
                    .append(": ")
                    .append(value.replaceAll("[\\r\\n]+", " "))
                    .append('\n');
            return this;
        }

        Writer pair(KeyPair pair) {
            return line("algorithm", pair.getPrivate().getAlgorithm())
                    .block("PRIVATE KEY", pair.getPrivate().getEncoded())
                    .block("PUBLIC KEY", pair.getPublic().getEncoded());
        }

        Writer block(String label, byte[] der) {
            String body = Base64.getMimeEncoder(PEM_WIDTH, new byte[] {'\n'}).encodeToString(der);
            blocks.append("-----BEGIN ").append(label).append("-----\n");
            blocks.append(body).append("\n-----END ").append(label).append("-----\n");
            return this;
        }

        Writer certificate(X509Certificate certificate) {
            try {
                return block("CERTIFICATE", certificate.getEncoded());
            } catch (CertificateEncodingException e) {
                throw new IllegalArgumentException("a certificate that was parsed can be encoded", e);
            }
        }

        byte[] octets() {
            String text = lines.append(blocks).toString();
            return (CHECKSUM + checksum(text) + "\n" + text).getBytes(StandardCharsets.UTF_8);
        }
    }
}
