package io.lb4j.internal.x509;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lb4j.testkit.tls.LeafSpec;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads what OpenSSL writes. */
class PemTest {
    private static final String SECRET = "correct horse";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeKeys() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/openssl"))).isTrue();
        openssl("genrsa", "-traditional", "-out", "rsa.pkcs1", "2048");
        openssl("pkcs8", "-topk8", "-nocrypt", "-in", "rsa.pkcs1", "-out", "rsa.pkcs8");
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-out", "ec-with-parameters.sec1");
        openssl("ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", "ec.sec1");
        openssl("pkcs8", "-topk8", "-nocrypt", "-in", "ec.sec1", "-out", "ec.pkcs8");
        openssl("genpkey", "-algorithm", "ed25519", "-out", "ed25519.pkcs8");
        String password = "pass:" + SECRET;
        openssl("pkcs8", "-topk8", "-in", "ec.sec1", "-out", "aes256.encrypted", "-passout", password, "-v2", "aes256");
        openssl(
                "pkcs8",
                "-topk8",
                "-in",
                "rsa.pkcs1",
                "-out",
                "aes128.encrypted",
                "-passout",
                password,
                "-v2",
                "aes128");
        openssl("rsa", "-traditional", "-aes128", "-in", "rsa.pkcs1", "-out", "rsa.legacy", "-passout", password);
        openssl("ec", "-in", "ec.sec1", "-pubout", "-out", "public.pem");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"rsa.pkcs1", "rsa.pkcs8", "ec-with-parameters.sec1", "ec.sec1", "ec.pkcs8", "ed25519.pkcs8"})
    void readsEveryUsualEncodingOfAKey(String file) throws IOException {
        PrivateKey key = pem(file).privateKey(Optional.empty());
        assertThat(key.getAlgorithm()).isEqualTo(expectedAlgorithm(file));
    }

    @Test
    void readsTheSameKeyFromTwoEncodings() throws IOException {
        assertThat(secretOf(pem("ec.sec1").privateKey(Optional.empty())))
                .isEqualTo(secretOf(pem("ec.pkcs8").privateKey(Optional.empty())));
        assertThat(secretOf(pem("rsa.pkcs1").privateKey(Optional.empty())))
                .isEqualTo(secretOf(pem("rsa.pkcs8").privateKey(Optional.empty())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"aes256.encrypted", "aes128.encrypted"})
    void opensAnEncryptedKeyWithItsPassword(String file) throws IOException {
        PrivateKey expected =
                pem(file.startsWith("aes256") ? "ec.sec1" : "rsa.pkcs1").privateKey(Optional.empty());
        assertThat(secretOf(pem(file).privateKey(Optional.of(SECRET.toCharArray()))))
                .isEqualTo(secretOf(expected));
    }

    @Test
    void asksForThePasswordOfAnEncryptedKey() {
        assertThatThrownBy(() -> pem("aes256.encrypted").privateKey(Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("aes256.encrypted: the private key cannot be read: it is encrypted (expected: a password)");
    }

    @Test
    void keepsAWrongPasswordToItself() {
        assertThatThrownBy(() -> pem("aes256.encrypted").privateKey(Optional.of("hunter2".toCharArray())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("aes256.encrypted: the private key cannot be read: it cannot be decrypted"
                        + " (expected: the right password, PBES2)")
                .hasNoCause();
    }

    @Test
    void saysWhatToDoAboutOldEncryption() {
        assertThatThrownBy(() -> pem("rsa.legacy").privateKey(Optional.of(SECRET.toCharArray())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "rsa.legacy: the private key cannot be read: it is encrypted in OpenSSL's old way");
    }

    @Test
    void saysWhatItExpectsWhereThereIsNoKey() {
        assertThatThrownBy(() -> pem("public.pem").privateKey(Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("public.pem: no private key found (expected: PKCS#8, PKCS#1 or SEC1 PEM)");
    }

    @Test
    void keepsAMalformedKeyToItself() {
        String text = "-----BEGIN PRIVATE KEY-----\nMIICdQ==\n-----END PRIVATE KEY-----\n";
        assertThatThrownBy(() -> Pem.parse("key.pem", text.getBytes(US_ASCII)).privateKey(Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key.pem: the private key cannot be read")
                .hasMessageNotContaining("MIIC")
                .hasNoCause();
    }

    @Test
    void readsAChainAmongOtherText() {
        TestCertificates authority = TestCertificates.create();
        TestCertificate leaf = authority.issue(LeafSpec.named("a").names("a.example"));
        String text = "Bag Attributes\n" + leaf.keyPem() + "subject=a\r\n"
                + leaf.chainPem().replace("\n", "\r\n");
        assertThat(Pem.parse("chain.pem", text.getBytes(US_ASCII)).certificates())
                .isEqualTo(leaf.chain());
    }

    @Test
    void saysWhatItExpectsWhereThereIsNoCertificate() {
        assertThatThrownBy(() -> Pem.parse("chain.pem", new byte[0]).certificates())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chain.pem: no certificate found (expected: X.509 in PEM)");
    }

    @Test
    void knowsKeysThatAreNoPair() throws IOException {
        TestCertificate leaf = TestCertificates.create().server("a.example");
        PrivateKey other = pem("ec-with-parameters.sec1").privateKey(Optional.empty());
        assertThat(KeyPairs.match(leaf.key(), leaf.leaf().getPublicKey())).isTrue();
        assertThat(KeyPairs.match(other, leaf.leaf().getPublicKey())).isFalse();
        assertThat(KeyPairs.match(
                        pem("rsa.pkcs1").privateKey(Optional.empty()),
                        leaf.leaf().getPublicKey()))
                .isFalse();
    }

    /** The number that the key is: its encoding may say more or less of what follows from it. */
    private static BigInteger secretOf(PrivateKey key) {
        return key instanceof ECPrivateKey curve ? curve.getS() : ((RSAPrivateKey) key).getPrivateExponent();
    }

    private static String expectedAlgorithm(String file) {
        if (file.startsWith("rsa")) {
            return "RSA";
        }
        return file.startsWith("ed") ? "EdDSA" : "EC";
    }

    private static Pem pem(String file) throws IOException {
        return Pem.parse(file, Files.readAllBytes(folder.resolve(file)));
    }

    private static void openssl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("/usr/bin/openssl"));
        command.addAll(List.of(arguments));
        Path log = folder.resolve("openssl.log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }
}
