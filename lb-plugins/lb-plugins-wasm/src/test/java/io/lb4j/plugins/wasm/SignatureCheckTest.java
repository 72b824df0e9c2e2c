package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signatures that guests have verified, in Envoy's messages. */
final class SignatureCheckTest {
    private static final byte[] TEXT = "what was signed".getBytes(StandardCharsets.US_ASCII);

    private static byte[] question(String hash, int keyField, byte[] key, byte[] signature, byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LengthDelimited.write(1, hash.getBytes(StandardCharsets.US_ASCII), out);
        LengthDelimited.write(keyField, key, out);
        LengthDelimited.write(3, signature, out);
        LengthDelimited.write(4, text, out);
        return out.toByteArray();
    }

    private static byte[] sign(KeyPair pair, String algorithm) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(pair.getPrivate());
        signature.update(TEXT);
        return signature.sign();
    }

    @ParameterizedTest
    @CsvSource({
        "RSA, sha256, SHA256withRSA",
        "RSA, sha1, SHA1withRSA",
        "RSA, sha512, SHA512withRSA",
        "EC, sha256, SHA256withECDSA",
        "EC, sha384, SHA384withECDSA"
    })
    void aSignatureHoldsForItsTextAlone(String kind, String hash, String algorithm) throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance(kind).generateKeyPair();
        byte[] key = pair.getPublic().getEncoded();
        byte[] signature = sign(pair, algorithm);
        byte[] pem = ("-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                        + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
        assertThat(SignatureCheck.answer(question(hash, 2, key, signature, TEXT)))
                .containsExactly(8, 1);
        assertThat(SignatureCheck.answer(question(hash, 5, pem, signature, TEXT)))
                .containsExactly(8, 1);
        assertThat(LengthDelimited.read(SignatureCheck.answer(question(hash, 2, key, signature, new byte[1]))))
                .containsOnlyKeys(2);
        assertThat(LengthDelimited.read(SignatureCheck.answer(question(hash, 2, key, new byte[7], TEXT))))
                .containsOnlyKeys(2);
    }

    @Test
    void whatCannotBeJudgedIsSaid() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
        byte[] key = pair.getPublic().getEncoded();
        byte[] unknown = SignatureCheck.answer(question("md5", 2, key, new byte[1], TEXT));
        assertThat(new String(LengthDelimited.read(unknown).getOrDefault(2, new byte[0]), StandardCharsets.UTF_8))
                .isEqualTo("md5 is not supported");
        for (byte[] wrong : new byte[][] {
            question("sha256", 2, new byte[40], new byte[1], TEXT),
            question("sha256", 6, key, new byte[1], TEXT),
            question("sha256", 5, "no key".getBytes(StandardCharsets.US_ASCII), new byte[1], TEXT),
            {8, 1},
            {10, 5, 1},
            {10, -1, -1, -1, -1, -1, 1},
            {}
        }) {
            assertThatThrownBy(() -> SignatureCheck.answer(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
