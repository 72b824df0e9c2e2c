package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.config.ConfigurationException;
import io.lb4j.server.admin.AdminServer;
import io.lb4j.server.admin.Administered;
import io.lb4j.server.config.AdminOptions;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.time.Aside;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in to the administration, and who is not. */
final class AdminGateTest {
    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    Path folder;

    private Server start(String admin) {
        try {
            return Server.start(ConfigurationFile.at(Files.writeString(
                    folder.resolve("lb4j.yaml"), "admin: " + admin + "\nlisteners: {main: {port: 0}}\n")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static AdminDeskClient client(Server server) {
        return new AdminDeskClient(server.admin().orElseThrow().port());
    }

    @Test
    void isNotThereUnlessItIsAskedFor() throws IOException {
        Path file = Files.writeString(folder.resolve("lb4j.yaml"), "listeners: {main: {port: 0}}");
        try (Server server = Server.start(ConfigurationFile.at(file))) {
            assertThat(server.admin()).isEmpty();
        }
    }

    @Test
    void standsBesideABalancerOfOnesOwn() {
        try (LoadBalancer balancer = LoadBalancer.builder()
                        .listener(l -> l.port(0))
                        .route("hello", r -> r.path("/**").respond(200))
                        .start();
                AdminServer server = AdminServer.start(Administered.of(balancer), AdminOptions.of(a -> a.port(0)))) {
            AdminDeskClient admin = new AdminDeskClient(server.port());

            assertThat(admin.json("/config").at("/routes/0/name").asText()).isEqualTo("hello");
            assertThat(admin.json("/health").path("status").asText()).isEqualTo("up");
            assertThat(admin.post("/config/reload", "").status()).isEqualTo(409);
            assertThat(server.address()).isEqualTo("127.0.0.1:" + server.port());
        }
        assertThat(AdminOptions.of(a -> a.host("0.0.0.0").token(TOKEN)).toString())
                .doesNotContain(TOKEN);
        assertThatThrownBy(() -> AdminOptions.of(a -> a.host("0.0.0.0")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("an address of loopback");
    }

    @Test
    void isNotOpenToOthersByAccident() {
        assertThat(new ConfigFolder(folder)
                        .file("lb4j.yaml", "admin: {host: 0.0.0.0}\nlisteners: {main: {port: 0}}")
                        .faultsOf("lb4j.yaml"))
                .isEqualTo("lb4j.yaml:1:15: admin.host: \"0.0.0.0\""
                        + " (expected: an address of loopback, or a token, or tls with client_trust)\n1 fault\n");
        assertThat(new ConfigFolder(folder)
                        .file("lb4j.yaml", "admin: {host: 0.0.0.0, token: short}\nlisteners: {main: {port: 0}}")
                        .faultsOf("lb4j.yaml"))
                .isEqualTo(
                        "lb4j.yaml:1:31: admin.token: *** (expected: a text of at least 16 visible characters)\n1 fault\n");
    }

    @Test
    void pagesOfStrangersCannotActByABrowser() {
        try (Server server = start("{port: 0}")) {
            AdminDeskClient admin = client(server);
            String json = "content-type: application/json";
            String own = "origin: http://localhost:" + admin.port();

            assertThat(admin.send("POST", "/config/reload", "").status()).isEqualTo(415);
            assertThat(admin.send("POST", "/config/reload", "", "content-type: text/plain")
                            .status())
                    .isEqualTo(415);
            assertThat(admin.send("POST", "/config/reload", "", json, "origin: http://evil.example")
                            .status())
                    .isEqualTo(403);
            assertThat(admin.send("POST", "/config/reload", "", json, "origin: null")
                            .status())
                    .isEqualTo(403);
            assertThat(admin.send("POST", "/config/reload", "", json, "sec-fetch-site: cross-site")
                            .status())
                    .isEqualTo(403);
            assertThat(admin.get("/stats", "sec-fetch-site: same-site").status())
                    .isEqualTo(403);
            assertThat(admin.send("POST", "/config/reload", "", json, own, "sec-fetch-site: same-origin")
                            .status())
                    .isEqualTo(200);
            assertThat(admin.send("OPTIONS", "/config/reload", "", own).status())
                    .isEqualTo(405);
            assertThat(admin.get("/stats").headers().first("access-control-allow-origin"))
                    .isEmpty();
        }
    }

    @Test
    void namesThatLeadHereByDnsAreRefused() {
        try (Server server = start("{port: 0, allowed_hosts: [lb.example.com]}")) {
            AdminDeskClient admin = client(server);

            RawResponse refused = admin.get("/stats", "host: evil.example:9901");
            assertThat(refused.status()).isEqualTo(421);
            assertThat(AdminDeskClient.json(refused).path("detail").asText())
                    .isEqualTo(
                            "host: \"evil.example:9901\" (expected: a name of this process; see admin.allowed_hosts)");
            assertThat(admin.get("/stats", "host: localhost", "host: evil.example")
                            .status())
                    .isIn(400, 421);
            assertThat(admin.get("/stats", "host: 127.0.0.1.evil.example").status())
                    .isEqualTo(421);
            assertThat(admin.get("/stats", "host: lb.example.com").status()).isEqualTo(200);
            assertThat(admin.get("/stats", "host: [::1]:1").status()).isEqualTo(200);
            assertThat(admin.get("/health/live", "host: 10.1.2.3:9901").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void theTokenIsAskedOfEverybodyButThoseWhoAskForTheHealth() {
        try (Server server = start("{port: 0, token: " + TOKEN + "}")) {
            AdminDeskClient admin = client(server);

            RawResponse refused = admin.get("/stats");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.headers().first("www-authenticate")).contains("Bearer");
            assertThat(admin.get("/stats", "authorization: Bearer 0123456789abcdeX")
                            .status())
                    .isEqualTo(401);
            assertThat(admin.get("/stats", "authorization: Bearer " + TOKEN).status())
                    .isEqualTo(200);
            assertThat(admin.get("/health/ready").status()).isEqualTo(200);
            assertThat(admin.get("/config", "authorization: bearer " + TOKEN).text())
                    .contains("\"token\":\"***\"")
                    .doesNotContain(TOKEN);
        }
    }

    @Test
    void clientsShowACertificateWhereItIsAskedFor() throws IOException {
        TestCertificates authority = TestCertificates.create();
        TestCertificate server = authority.server("localhost");
        Files.writeString(folder.resolve("chain.pem"), server.chainPem());
        Files.writeString(folder.resolve("key.pem"), server.keyPem());
        Files.writeString(folder.resolve("trust.pem"), authority.pem());
        String tls = "{port: 0, tls: {chain: chain.pem, key: key.pem, client_trust: trust.pem}}";
        try (Server running = start(tls)) {
            int port = running.admin().orElseThrow().port();
            String request = "GET /stats HTTP/1.1\r\nhost: localhost\r\n\r\n";
            try (RawClient client =
                    RawClient.connect(port, ClientTls.trusting(authority).identity(authority.client("operator")))) {
                assertThat(client.send(request).readResponse().status()).isEqualTo(200);
            }
            assertThatThrownBy(() -> {
                        try (RawClient client = RawClient.connect(port, ClientTls.trusting(authority))) {
                            client.send(request).readResponse();
                        }
                    })
                    .isNotNull();
        }
    }

    @Test
    void aCertificateThatIsRenewedIsShownWithoutAWord() {
        TestCertificates first = TestCertificates.create();
        TestCertificates second = TestCertificates.create();
        first.server("localhost").writePem(folder, "a");
        try (Server running = start("{port: 0, tls: {chain: a.crt, key: a.key}}")) {
            int port = running.admin().orElseThrow().port();
            assertThat(statusAt(port, first)).isEqualTo(200);
            second.server("localhost").writePem(folder, "a");

            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(statusAt(port, second)).isEqualTo(200));
        }
    }

    private static int statusAt(int port, TestCertificates authority) {
        try (RawClient client = RawClient.connect(port, ClientTls.trusting(authority))) {
            return client.send("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
                    .readResponse()
                    .status();
        }
    }

    @Test
    void aSocketInTheFileSystemIsItsOwnersAlone() throws IOException {
        Path socket = folder.resolve("admin.sock");
        try (ServerSocketChannel before = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            before.bind(UnixDomainSocketAddress.of(socket)); // and leaves it behind
        }
        assertThat(socket).exists();
        try (Server server = start("{unix_socket: admin.sock}")) {
            assertThat(server.admin()).isPresent();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(socket));
                channel.write(ByteBuffer.wrap("GET /health HTTP/1.1\r\nhost: whatever\r\nconnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII)));
                ByteBuffer answer = ByteBuffer.allocate(65_536);
                while (channel.read(answer) >= 0) {
                    assertThat(answer.hasRemaining()).isTrue();
                }
                assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 200 OK");
            }
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void aSocketTakesThePlaceOfNoFileAndNeedsAFolder() {
        assertThatThrownBy(() -> start("{unix_socket: lb4j.yaml}"))
                .hasMessageContaining("lb4j.yaml is there, and no socket (expected: nothing, or a socket)");
        assertThat(folder.resolve("lb4j.yaml")).isNotEmptyFile();
        assertThatThrownBy(() -> start("{unix_socket: none/admin.sock}"))
                .hasMessageContaining("unix_socket: there is no folder " + folder.resolve("none") + " (expected: one)");
        assertThatThrownBy(() -> start("{unix_socket: lb4j.yaml/admin.sock}"))
                .hasMessageContaining("unix_socket: " + folder.resolve("lb4j.yaml") + " (expected: a folder that this");
    }

    /** A moment is enough for somebody who waits for it. */
    @Test
    void aSocketInTheFileSystemWasNeverAnybodyElses() throws IOException {
        Path socket = folder.resolve("admin.sock");
        Set<String> seen = ConcurrentHashMap.newKeySet();
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Void> looking = CompletableFuture.runAsync(
                () -> {
                    while (end.getCount() > 0) {
                        look(socket, seen);
                    }
                },
                Aside.THREAD);
        try (Server server = start("{unix_socket: admin.sock}")) {
            AdminOptions options = AdminOptions.of(a -> a.unixSocket(socket));
            for (int i = 0; i < 50; i++) {
                AdminServer.start(Administered.of(server.balancer()), options).close();
            }
        }
        end.countDown();
        looking.join();
        assertThat(seen).containsOnly("rw-------");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsOnly(folder.resolve("lb4j.yaml"));
        }
    }

    private static void look(Path socket, Set<String> seen) {
        try {
            seen.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        } catch (IOException e) {
            // It is not there at the moment.
        }
    }

    @Test
    void requestsAreBounded() {
        try (Server server = start("{port: 0}")) {
            AdminDeskClient admin = client(server);
            int port = admin.port();
            String json = "host: localhost\r\ncontent-type: application/json\r\n";

            try (RawClient client = RawClient.connect(port)) {
                client.send("POST /logging HTTP/1.1\r\n" + json + "content-length: 100000\r\n\r\n");
                assertThat(client.readResponse().status()).isEqualTo(413);
            }
            try (RawClient client = RawClient.connect(port)) {
                client.send("POST /logging HTTP/1.1\r\n" + json + "transfer-encoding: chunked\r\n\r\n")
                        .send("11170\r\n" + "x".repeat(70_000));
                assertThat(client.readResponse().status()).isEqualTo(413);
            }
            assertThat(admin.get("/stats", "x: " + "y".repeat(20_000)).status()).isEqualTo(431);
            assertThat(admin.get("/" + "y".repeat(20_000)).status()).isEqualTo(414);
            assertThat(admin.get("/stats?a=%zz").status()).isEqualTo(400);
            try (RawClient client = RawClient.connect(port)) {
                assertThat(client.send("this is no HTTP\r\n\r\n").readResponse().status())
                        .isEqualTo(400);
            }
            assertThat(admin.get("/health").status()).isEqualTo(200);
        }
    }
}
