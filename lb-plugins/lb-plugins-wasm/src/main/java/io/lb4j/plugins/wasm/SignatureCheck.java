package io.lb4j.plugins.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/**
 * Envoy's foreign function {@code verify_signature}: of RSA (PKCS #1 v1.5) or ECDSA, with SHA-1 or a member of SHA-2. What is asked, and the answer, are messages of Protocol Buffers:
 * the hash function (1), the key in DER (2) or PEM (5), the signature (3), the text (4); whether it holds (1), and why not (2).
 */
final class SignatureCheck {
    private static final Map<String, String> HASHES =
            Map.of("sha1", "SHA1", "sha224", "SHA224", "sha256", "SHA256", "sha384", "SHA384", "sha512", "SHA512");
    private static final int STEP = 64 * 1024; // octets between two looks at the time

    private static final int HASH = 1;
    private static final int KEY = 2;
    private static final int SIGNATURE = 3;
    private static final int TEXT = 4;
    private static final int PEM = 5;

    private SignatureCheck() {}

    /**
     * Answers a question.
     *
     * @throws IllegalArgumentException if it is malformed, or has no key that is known
     */
    static byte[] answer(byte[] question) {
        Map<Integer, byte[]> fields = LengthDelimited.read(question);
        PublicKey key = key(fields);
        String hash = HASHES.get(text(fields, HASH).toLowerCase(Locale.ROOT));
        if (hash == null) {
            return answer(false, text(fields, HASH) + " is not supported");
        }
        try {
            Signature signature =
                    Signature.getInstance(hash + (key.getAlgorithm().equals("EC") ? "withECDSA" : "withRSA"));
            signature.initVerify(key);
            byte[] signed = octets(fields, TEXT);
            for (int at = 0; at < signed.length; at += STEP) {
                requireTime();
                signature.update(signed, at, Math.min(STEP, signed.length - at));
            }
            boolean holds = signature.verify(octets(fields, SIGNATURE));
            return answer(holds, holds ? "" : "the signature does not hold");
        } catch (GeneralSecurityException e) {
            return answer(false, "the signature cannot be verified: " + e.getMessage());
        }
    }

    private static void requireTime() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the guest's time is over");
        }
    }

    private static PublicKey key(Map<Integer, byte[]> fields) {
        if (fields.containsKey(KEY) == fields.containsKey(PEM)) {
            throw new IllegalArgumentException("key: in DER or in PEM, and not both (expected)");
        }
        X509EncodedKeySpec spec =
                new X509EncodedKeySpec(fields.containsKey(PEM) ? ofPem(text(fields, PEM)) : octets(fields, KEY));
        return Stream.of("RSA", "EC")
                .flatMap(algorithm -> key(algorithm, spec).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("key: neither of RSA nor of EC (expected)"));
    }

    private static Optional<PublicKey> key(String algorithm, X509EncodedKeySpec spec) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePublic(spec));
        } catch (InvalidKeySpecException ofAnotherKind) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm + ": missing (every JDK has it)", e);
        }
    }

    private static byte[] ofPem(String text) {
        String body = text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        return Base64.getDecoder().decode(body);
    }

    private static byte[] octets(Map<Integer, byte[]> fields, int field) {
        return fields.getOrDefault(field, new byte[0]);
    }

    private static String text(Map<Integer, byte[]> fields, int field) {
        return new String(octets(fields, field), StandardCharsets.UTF_8);
    }

    private static byte[] answer(boolean holds, String error) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (holds) {
            out.write(1 << 3); // field 1, a number
            out.write(1);
        }
        if (!error.isEmpty()) {
            LengthDelimited.write(2, error.getBytes(StandardCharsets.UTF_8), out);
        }
        return out.toByteArray();
    }
}
