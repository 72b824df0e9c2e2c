package io.lb4j.internal.x509;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Certificates and keys in text (RFC 7468). What is wrong is told with the name of the file, and never with what is in it.
 */
public final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final String LEGACY_ENCRYPTION = "Proc-Type:"; // OpenSSL's own, with MD5 for the key
    private static final String PBES2 = "PBES2";

    private final String name;
    private final List<Block> blocks;

    private record Block(String label, String body) {}

    private Pem(String name, List<Block> blocks) {
        this.name = name;
        this.blocks = blocks;
    }

    /**
     * Finds the blocks of a text; what stands between them is skipped.
     *
     * @param name what messages call it: a file's name
     */
    public static Pem parse(String name, byte[] text) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(text, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return new Pem(name, blocks);
    }

    /** Returns what messages call the text. */
    public String name() {
        return name;
    }

    /**
     * Returns the certificates, in their order.
     *
     * @return at least one
     * @throws IllegalArgumentException if there is none, or one is malformed
     */
    public List<X509Certificate> certificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
                certificates.add(certificate(decoded(block)));
            }
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(name + ": no certificate found (expected: X.509 in PEM)");
        }
        return certificates;
    }

    /**
     * Returns the first private key.
     *
     * @param password opens a key in PKCS#8 that is encrypted; others do not need it
     * @throws IllegalArgumentException if there is none, or it cannot be read
     */
    public PrivateKey privateKey(Optional<char[]> password) {
        for (Block block : blocks) {
            Optional<PrivateKey> key = privateKey(block, password);
            if (key.isPresent()) {
                return key.get();
            }
        }
        throw new IllegalArgumentException(name + ": no private key found (expected: PKCS#8, PKCS#1 or SEC1 PEM)");
    }

    private Optional<PrivateKey> privateKey(Block block, Optional<char[]> password) {
        try {
            return switch (block.label()) {
                case "PRIVATE KEY" -> Optional.of(KeyEncoding.fromPkcs8(decoded(block)));
                case "RSA PRIVATE KEY" -> Optional.of(KeyEncoding.fromPkcs8(KeyEncoding.fromPkcs1(decoded(block))));
                case "EC PRIVATE KEY" ->
                    Optional.of(KeyEncoding.fromPkcs8(KeyEncoding.fromSec1(decoded(block), curve())));
                case "ENCRYPTED PRIVATE KEY" -> Optional.of(decrypted(decoded(block), password));
                default -> Optional.empty();
            };
        } catch (GeneralSecurityException e) {
            // Without the cause: some providers put what they read into their messages.
            throw new IllegalArgumentException(
                    name + ": the private key cannot be read (expected: PKCS#8, PKCS#1 or SEC1 PEM)");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": the private key cannot be read: " + e.getMessage());
        }
    }

    private PrivateKey decrypted(byte[] der, Optional<char[]> password) throws GeneralSecurityException {
        char[] secret =
                password.orElseThrow(() -> new IllegalArgumentException("it is encrypted (expected: a password)"));
        try {
            EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(der);
            AlgorithmParameters parameters = encrypted.getAlgParameters();
            // The JDK names PBES2 (RFC 8018 §6.2) by its parts, and tells the parts only here.
            String algorithm = encrypted.getAlgName().equals(PBES2) ? parameters.toString() : encrypted.getAlgName();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(secret)),
                    parameters);
            return KeyEncoding.fromPkcs8(encrypted.getKeySpec(cipher).getEncoded());
        } catch (IOException | GeneralSecurityException e) {
            // Without the cause, which may tell of the contents.
            throw new IllegalArgumentException("it cannot be decrypted (expected: the right password, PBES2)");
        }
    }

    private Optional<byte[]> curve() {
        return blocks.stream()
                .filter(block -> block.label().equals("EC PARAMETERS"))
                .map(this::decoded)
                .findFirst();
    }

    private byte[] decoded(Block block) {
        if (block.body().contains(LEGACY_ENCRYPTION)) {
            throw new IllegalArgumentException(
                    "it is encrypted in OpenSSL's old way (expected: PKCS#8, which `openssl pkcs8 -topk8` makes of it)");
        }
        try {
            return Base64.getMimeDecoder().decode(block.body());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": a block " + block.label() + " is not in base64");
        }
    }

    private X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IllegalArgumentException(name + ": a certificate is malformed (expected: X.509 in PEM)", e);
        }
    }
}
