package io.lb4j.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated // it counts the one thread that all file sources share
class CertificatesTest {
    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final TestCertificate FIRST = AUTHORITY.server("first.test");
    private static final TestCertificate SECOND = AUTHORITY.server("second.test");
    private static final Duration OFTEN = Duration.ofMillis(10);

    @TempDir
    private Path folder;

    private final AtomicInteger changes = new AtomicInteger();

    @Test
    void findsAnExactNameBeforeAWildcard() {
        Certificate wildcard = parsed(AUTHORITY.server("*.example.com"));
        Certificate exact = parsed(AUTHORITY.server("a.example.com"));
        CertificateSource source = Certificates.of(List.of(wildcard, exact));
        assertThat(source.cached("a.example.com")).contains(exact);
        assertThat(source.cached("b.example.com")).contains(wildcard);
    }

    @Test
    void takesAWildcardForOneLabelOnly() {
        CertificateSource source = Certificates.of(parsed(AUTHORITY.server("*.example.com")));
        assertThat(source.cached("a.b.example.com")).isEmpty();
        assertThat(source.cached("example.com")).isEmpty();
        assertThat(source.cached(".example.com")).isEmpty();
    }

    @Test
    void showsTheFirstToClientsThatAskForNoName() {
        Certificate first = parsed(FIRST);
        assertThat(Certificates.of(List.of(first, parsed(SECOND))).cached("")).contains(first);
        assertThat(Certificates.of(List.of()).cached("")).isEmpty();
    }

    @Test
    void makesASelfSignedCertificate() {
        List<Certificate> made =
                Certificates.selfSigned("localhost", "127.0.0.1").certificates();
        assertThat(made).hasSize(1);
        assertThat(made.get(0).names()).containsExactlyInAnyOrder("localhost", "127.0.0.1");
        assertThat(made.get(0).isSelfSigned()).isTrue();
    }

    @Test
    void refusesAKeyOfAnotherCertificate() {
        assertThatThrownBy(() -> Certificates.parsePem(FIRST.chainPem(), SECOND.keyPem()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key: the private key is not that of the first certificate in chain (expected: a pair)");
    }

    @Test
    void failsToStartWithoutFiles() {
        CertificateSource source = Certificates.pem(folder.resolve("none.crt"), folder.resolve("none.key"));
        assertThatThrownBy(() -> source.start(changes::incrementAndGet))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.crt");
    }

    @Test
    void failsToStartWithFilesThatAreNoPair() {
        FIRST.writePem(folder, "a");
        SECOND.writePem(folder, "b");
        CertificateSource source = Certificates.pem(folder.resolve("a.crt"), folder.resolve("b.key"));
        assertThatThrownBy(() -> source.start(changes::incrementAndGet))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("b.key: the private key is not that of the first certificate in a.crt");
    }

    @Test
    void servesANewCertificateWhenBothFilesAreNew() throws IOException {
        FIRST.writePem(folder, "served");
        try (CertificateSource source = started("served")) {
            assertThat(source.cached("first.test")).isPresent();
            Files.writeString(folder.resolve("served.crt"), SECOND.chainPem());
            // Half a change: the chain alone does not fit.
            await().during(OFTEN.multipliedBy(10))
                    .until(() -> source.cached("first.test").isPresent());
            Files.writeString(folder.resolve("served.key"), SECOND.keyPem());
            await().until(() -> source.cached("second.test").isPresent());
            await().until(() -> changes.get() == 1);
        }
    }

    @Test
    void keepsTheCertificateWhenItsFilesAreSpoiledOrGone() throws IOException {
        FIRST.writePem(folder, "served");
        try (CertificateSource source = started("served")) {
            Files.writeString(folder.resolve("served.crt"), "spoiled");
            await().during(OFTEN.multipliedBy(10))
                    .until(() -> source.cached("first.test").isPresent());
            Files.delete(folder.resolve("served.key"));
            await().during(OFTEN.multipliedBy(10))
                    .until(() -> source.cached("first.test").isPresent());
            SECOND.writePem(folder, "served");
            await().until(() -> source.cached("second.test").isPresent());
            assertThat(changes).hasValue(1);
        }
    }

    @Test
    void noticesThatALinkWasExchangedAsKubernetesDoes() throws IOException {
        Files.createDirectory(folder.resolve("..2026_1"));
        Files.createDirectory(folder.resolve("..2026_2"));
        FIRST.writePem(folder.resolve("..2026_1"), "tls");
        SECOND.writePem(folder.resolve("..2026_2"), "tls");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_1"));
        Files.createSymbolicLink(folder.resolve("tls.crt"), Path.of("..data/tls.crt"));
        Files.createSymbolicLink(folder.resolve("tls.key"), Path.of("..data/tls.key"));
        try (CertificateSource source = started("tls")) {
            assertThat(source.cached("first.test")).isPresent();
            Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2026_2"));
            Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> source.cached("second.test").isPresent());
        }
    }

    @Test
    void tellsNobodyOfFilesThatWereOnlyTouched() throws IOException {
        FIRST.writePem(folder, "served");
        try (CertificateSource source = started("served")) {
            FIRST.writePem(folder, "served");
            await().during(OFTEN.multipliedBy(10)).until(() -> changes.get() == 0);
            assertThat(source.certificates()).hasSize(1);
        }
    }

    @Test
    void servesEveryKeyOfAKeyStore() throws Exception {
        KeyStore store = FIRST.keyStore();
        Path file = folder.resolve("store.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, TestCertificate.KEY_STORE_PASSWORD.toCharArray());
        }
        try (CertificateSource source = Certificates.keyStore(file, TestCertificate.KEY_STORE_PASSWORD.toCharArray())) {
            source.start(changes::incrementAndGet);
            assertThat(source.cached("first.test").map(Certificate::chain)).isEqualTo(Optional.of(FIRST.chain()));
        }
    }

    @Test
    void keepsThePasswordOfAKeyStoreToItself() throws Exception {
        Path file = folder.resolve("store.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            FIRST.keyStore().store(out, TestCertificate.KEY_STORE_PASSWORD.toCharArray());
        }
        CertificateSource source = Certificates.keyStore(file, "hunter2".toCharArray());
        assertThatThrownBy(() -> source.start(changes::incrementAndGet))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2")
                .hasMessageContaining("store.p12");
    }

    @Test
    void leavesNoThreadBehindWhenTheLastSourceIsClosed() {
        FIRST.writePem(folder, "served");
        CertificateSource source = started("served");
        CertificateSource other = started("served");
        source.close();
        source.close();
        assertThat(pollingThreads()).isEqualTo(1);
        other.close();
        assertThat(pollingThreads()).isZero();
    }

    @Test
    void refusesToStartTwice() {
        FIRST.writePem(folder, "served");
        try (CertificateSource source = started("served")) {
            assertThatThrownBy(() -> source.start(changes::incrementAndGet))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("started already");
        }
    }

    private CertificateSource started(String name) {
        PemFiles files = PemFiles.of(folder.resolve(name + ".crt"), folder.resolve(name + ".key"))
                .withPollInterval(OFTEN);
        CertificateSource source = Certificates.pem(files);
        source.start(changes::incrementAndGet);
        return source;
    }

    private static Certificate parsed(TestCertificate made) {
        return Certificates.parsePem(made.chainPem(), made.keyPem());
    }

    private static long pollingThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("lb4j-files"))
                .count();
    }
}
