package io.lb4j.it.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.model.ProcessOptions.TlsEngine;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Observer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.time.Aside;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.LeafSpec;
import io.lb4j.testkit.tls.LeafSpec.KeyKind;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A balancer's TLS towards clients, as the configuration has it. */
final class TlsTest {
    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");

    @TempDir
    Path folder;

    static LoadBalancerBuilder base(TlsEngine engine) {
        return LoadBalancer.builder()
                .route(route -> route.path("/**").respond(200, response -> response.body("hello")))
                .process(process -> process.eventLoops(2).tlsEngine(engine).drainTimeout(Duration.ofSeconds(5)));
    }

    static String get(RawClient client, String host) {
        return client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .readResponse()
                .text();
    }

    private static String shownTo(LoadBalancer lb) {
        try (RawClient client =
                RawClient.connect(lb.port(), ClientTls.trustAll().serverName("a.test"))) {
            return client.tls().orElseThrow().peerSubject().orElseThrow();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsEngine.class,
            names = {"BORINGSSL", "JDK"})
    void showsTheCertificateWhoseKeyTheClientTakes(TlsEngine engine) throws Exception {
        assumeThat(Files.isExecutable(OPENSSL)).isTrue();
        TestCertificate.PemFiles rsa = write("rsa", KeyKind.RSA);
        TestCertificate.PemFiles ec = write("ec", KeyKind.EC);
        try (LoadBalancer lb = base(engine)
                .listener(listener -> listener.port(0)
                        .tls(tls -> tls.certificate(rsa.chain(), rsa.key()).certificate(ec.chain(), ec.key())))
                .start()) {
            assertThat(openssl(lb.port(), "-tls1_3", "-sigalgs", "rsa_pss_rsae_sha256"))
                    .contains("CN = rsa");
            assertThat(openssl(lb.port(), "-tls1_3", "-sigalgs", "ecdsa_secp256r1_sha256"))
                    .contains("CN = ec");
            assertThat(openssl(lb.port(), "-tls1_3")).as("both").contains("CN = ec");
            assertThat(openssl(lb.port(), "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"))
                    .contains("CN = rsa");
            assertThat(openssl(lb.port(), "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"))
                    .contains("CN = ec");
        }
    }

    private TestCertificate.PemFiles write(String name, KeyKind kind) throws IOException {
        return AUTHORITY
                .issue(LeafSpec.named(name).names("a.test").key(kind))
                .writePem(Files.createDirectories(folder), name);
    }

    private String openssl(int port, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(OPENSSL.toString(), "s_client", "-connect", "127.0.0.1:" + port, "-servername", "a.test"));
        command.addAll(List.of(more));
        return run(command);
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path nothing = Files.writeString(folder.resolve("in"), "");
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(command)
                .redirectInput(nothing.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return Files.readString(out, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsEngine.class,
            names = {"BORINGSSL", "JDK"})
    void isSpokenWithForeignClientsInEitherProtocol(TlsEngine engine) throws Exception {
        Path authorities = AUTHORITY.writePem(folder.resolve("authorities.pem"));
        TestCertificate.PemFiles files = AUTHORITY.server("localhost").writePem(folder, "server");
        try (LoadBalancer lb = base(engine)
                .listener(listener -> listener.port(0)
                        .tls(tls -> tls.certificate(files.chain(), files.key()))
                        .http3(new ToyTransport("toy", "sound")))
                .start()) {
            String url = "https://localhost:" + lb.port() + "/";
            assertThat(curl("--http1.1", "--cacert", authorities.toString(), url))
                    .startsWith("HTTP/1.1 200")
                    .contains("alt-svc: toy=\":" + lb.port() + "\"; ma=86400")
                    .endsWith("hello");
            assertThat(curl("--http2", "--tls-max", "1.2", "--cacert", authorities.toString(), url))
                    .startsWith("HTTP/2 200")
                    .contains("alt-svc: toy=\":" + lb.port() + "\"; ma=86400")
                    .endsWith("hello");
            for (HttpClient.Version version : HttpClient.Version.values()) {
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(ClientTls.trusting(AUTHORITY).context())
                        .version(version)
                        .build();
                HttpResponse<String> response = client.send(
                        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
                assertThat(response.version()).isEqualTo(version);
                assertThat(response.body()).isEqualTo("hello");
            }
        }
    }

    private String curl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/curl", "-sS", "-D", "-", "--noproxy", "*"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsEngine.class,
            names = {"BORINGSSL", "JDK"})
    void losesNoHandshakeWhileFilesAreReplaced(TlsEngine engine) throws Exception {
        TestCertificate.PemFiles files = write("first", KeyKind.EC);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger handshakes = new AtomicInteger();
        try (LoadBalancer lb = base(engine)
                .listener(listener -> listener.port(0).tls(tls -> tls.certificate(files.chain(), files.key())))
                .start()) {
            CompletableFuture<Void> load = CompletableFuture.runAsync(
                    () -> {
                        while (!done.get()) {
                            shownTo(lb);
                            handshakes.incrementAndGet();
                        }
                    },
                    Aside.THREAD);
            await().until(() -> handshakes.get() > 0);
            TestCertificate.PemFiles next = write("next", KeyKind.RSA);
            Files.move(next.chain(), files.chain(), StandardCopyOption.ATOMIC_MOVE);
            Files.move(next.key(), files.key(), StandardCopyOption.ATOMIC_MOVE);
            await().atMost(Duration.ofSeconds(30)).until(() -> shownTo(lb).equals("CN=next"));
            done.set(true);
            load.join();
            assertThat(Counted.listener(lb, "listener-1").handshakesFailed()).isZero();
        }
    }

    @Test
    void followsALinkToAFolderThatIsExchanged() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data-1"));
        AUTHORITY.server("one.test").writePem(data, "tls");
        Path second = Files.createDirectories(folder.resolve("data-2"));
        TestCertificate.PemFiles there = AUTHORITY.server("two.test").writePem(second, "tls");
        Path link = Files.createSymbolicLink(folder.resolve("current"), data);
        Path chain = link.resolve(there.chain().getFileName());
        Path key = link.resolve(there.key().getFileName());
        try (LoadBalancer lb = base(TlsEngine.AUTO)
                .listener(listener -> listener.port(0).tls(tls -> tls.certificate(chain, key)))
                .start()) {
            assertThat(shownTo(lb)).isEqualTo("CN=one.test");
            Path renamed = Files.createSymbolicLink(folder.resolve("renamed"), second);
            Files.move(renamed, link, StandardCopyOption.ATOMIC_MOVE);
            await().atMost(Duration.ofSeconds(30)).until(() -> shownTo(lb).equals("CN=two.test"));
        }
    }

    @Test
    void keepsWhatItHasWhereAFileIsDamagedAndSaysSoOnce() throws Exception {
        TestCertificate.PemFiles files = write("first", KeyKind.EC);
        List<ControlEvent> events = new CopyOnWriteArrayList<>();
        try (LoadBalancer lb = base(TlsEngine.AUTO)
                .listener(listener -> listener.port(0).tls(tls -> tls.certificate(files.chain(), files.key())))
                .observer(new Observer() {
                    @Override
                    public void onControl(ControlEvent event) {
                        if (event instanceof ControlEvent.CertificatesRefused) {
                            events.add(event);
                        }
                    }
                })
                .start()) {
            Files.writeString(files.chain(), "not a certificate");
            await().atMost(Duration.ofSeconds(30)).until(() -> !events.isEmpty());
            assertThat(events).singleElement().isInstanceOfSatisfying(ControlEvent.CertificatesRefused.class, event -> {
                assertThat(event.source()).contains("first");
                assertThat(event.reason()).isNotBlank();
            });
            assertThat(shownTo(lb)).isEqualTo("CN=first");
            TestCertificate.PemFiles good = write("good", KeyKind.EC);
            Files.move(good.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.move(good.chain(), files.chain(), StandardCopyOption.REPLACE_EXISTING);
            await().atMost(Duration.ofSeconds(30)).until(() -> shownTo(lb).equals("CN=good"));
        }
    }

    @Test
    void sendsRequestsForAnotherCertificatesHostElsewhere() throws Exception {
        TestCertificate.PemFiles one = AUTHORITY.server("a.test").writePem(folder, "a");
        TestCertificate.PemFiles other = AUTHORITY.server("b.test").writePem(folder, "b");
        try (LoadBalancer lb = base(TlsEngine.AUTO)
                        .listener(listener -> listener.port(0)
                                .tls(tls -> tls.certificate(one.chain(), one.key())
                                        .certificate(other.chain(), other.key())))
                        .start();
                RawClient client = RawClient.connect(
                        lb.port(), ClientTls.trusting(AUTHORITY).serverName("a.test"))) {
            assertThat(get(client, "a.test")).isEqualTo("hello");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: b.test\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(421);
        }
    }

    @Test
    void failsTheStartWhereAFileIsDamaged() throws Exception {
        TestCertificate.PemFiles files = write("first", KeyKind.EC);
        Files.writeString(files.key(), "not a key");
        LoadBalancerBuilder builder = base(TlsEngine.AUTO)
                .listener(listener -> listener.port(0).tls(tls -> tls.certificate(files.chain(), files.key())));
        assertThatThrownBy(builder::start)
                .hasMessageContaining(String.valueOf(files.key().getFileName()));
    }
}
