package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.server.RealServer;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the administration says where it does not do what it is asked, and that whoever has asked gets to read it. */
final class AdminRefusalsTest {
    private static final int BODY = 16 << 20; // more than sockets on both sides hold
    private static final String TOO_LARGE = "body: too large (expected: at most 4194304 octets)";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Server server;
    private AdminDeskClient admin;

    @BeforeEach
    void start() throws IOException {
        TestCertificates.create().server("localhost").writePem(folder, "server");
        serve("{port: 0}");
    }

    private void serve(String section) throws IOException {
        Path file = Files.writeString(folder.resolve("lb4j.yaml"), "admin: " + section + "\n" + """
                listeners: {main: {port: 0}}
                clusters:
                  api: {endpoints: ["127.0.0.1:9001", "127.0.0.1:9002"]}
                routes: [{path: /**, cluster: api}]
                """);
        server = Server.start(ConfigurationFile.at(file));
        admin = new AdminDeskClient(server.admin().orElseThrow().port());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String detail(RawResponse refused, int status) {
        assertThat(refused.status()).as(refused.text()).isEqualTo(status);
        return AdminDeskClient.json(refused).path("detail").asText();
    }

    @Test
    void actionsOfEndpointsSayWhatIsWrongWithThem() {
        String place = "/endpoints/api/127.0.0.1:9001/";

        assertThat(detail(admin.post(place + "eject", "{\"time\": \"400d\"}"), 400))
                .isEqualTo("body: time: \"400d\" (expected: at most 365d)");
        assertThat(detail(admin.post(place + "eject", "{\"time\": \"soon\"}"), 400))
                .isEqualTo("body: time: \"soon\" (expected: a duration such as 30s or 1h30m)");
        assertThat(detail(admin.post(place + "eject", ""), 400))
                .isEqualTo("body: time: missing (expected: a duration >= 1ms such as 30s or 1h30m)");
        assertThat(detail(admin.post(place + "weight", "[1]"), 400))
                .isEqualTo("body: no object (expected: an object with weight)");
        assertThat(detail(admin.post(place + "weight", "{\"weight\": -1}"), 400))
                .isEqualTo("body: weight: -1 (expected: 0..1000000)");
        assertThat(detail(admin.post("/endpoints/api/127.0.0.1:9003/drain", ""), 404))
                .isEqualTo(
                        "endpoint: \"127.0.0.1:9003\" (expected: one of 127.0.0.1:9001, 127.0.0.1:9002, of cluster api)");
        assertThat(detail(admin.post("/endpoints/apii/127.0.0.1:9001/restore", "{}"), 404))
                .isEqualTo("cluster: \"apii\" (expected: one of api)");
        assertThat(detail(admin.get("/tap?per_second=many"), 400))
                .isEqualTo("per_second: \"many\" (expected: 1..10000)");
        assertThat(detail(admin.get("/tap?status=ok"), 400))
                .isEqualTo("status: \"ok\" (expected: a status such as 503, or a class such as 5xx)");
    }

    /** Whoever drains for five minutes, as one ejects, would find the endpoint drained for good. */
    @Test
    void whatNobodyReadsIsNotPassedOver() {
        String drain = "/endpoints/api/127.0.0.1:9001/drain";

        assertThat(detail(admin.post(drain, "{\"time\": \"5m\"}"), 400))
                .isEqualTo("body: \"{\"time\": \"5m\"}\" (expected: none, for this takes no options)");
        assertThat(admin.json("/endpoints").at("/api/127.0.0.1:9001/draining").asBoolean())
                .isFalse();
        assertThat(admin.post(drain, " { }\n").status()).isEqualTo(200);
        assertThat(detail(admin.post("/config/reload", "{\"dry_run\": true}"), 400))
                .endsWith("(expected: none, for this takes no options)");
    }

    /** Octets that stay unread when a socket is closed reset the connection, and the answer with it. */
    @Test
    void aClientThatSendsItAllFirstReadsThatABodyIsTooLarge() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), admin.port())) {
            assertThat(answerToLargeBody(socket)).startsWith("HTTP/1.1 413 ").contains(TOO_LARGE);
        }
    }

    @Test
    void soItIsOverTls() throws IOException {
        server.close();
        serve("{port: 0, tls: {chain: server.crt, key: server.key}}");
        try (Socket socket = ClientTls.trustAll()
                .serverName("localhost")
                .secure(new Socket(InetAddress.getLoopbackAddress(), admin.port()))) {
            assertThat(answerToLargeBody(socket)).startsWith("HTTP/1.1 413 ").contains(TOO_LARGE);
        }
    }

    private static String answerToLargeBody(Socket socket) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        OutputStream out = socket.getOutputStream();
        out.write(("POST /config HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/yaml\r\ncontent-length: "
                        + BODY + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        byte[] piece = new byte[64 << 10];
        for (int sent = 0; sent < BODY; sent += piece.length) {
            out.write(piece);
        }
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void theJdksClientReadsIt() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin.port() + "/config"))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(PATIENCE)
                .header("content-type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[BODY]))
                .build();

        HttpResponse<String> refused = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).contains(TOO_LARGE);
    }

    @Test
    void curlReadsIt() throws Exception {
        RealServer.require("curl");
        Path body = Files.write(folder.resolve("large.yaml"), new byte[BODY]);
        for (String expects : List.of("Expect: 100-continue", "Expect:")) {
            Process curl = new ProcessBuilder(List.of(
                            "curl",
                            "-sS",
                            "-m",
                            "60",
                            "-H",
                            expects,
                            "-H",
                            "content-type: application/yaml",
                            "--data-binary",
                            "@" + body,
                            "http://127.0.0.1:" + admin.port() + "/config"))
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(curl.waitFor()).as(printed).isZero();
            assertThat(printed).contains(TOO_LARGE);
        }
    }
}
