package io.lb4j.plugins.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.io.IOException;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords. The hashes were made by crypt(3) of libxcrypt. */
final class BasicAuthTest {
    /** {@code secret of ann}. */
    static final String HASH = "$2y$04$abcdefghijklmnopqrstuuag4znIU3XstJ/kXOzAIJBnYaf0FKTUi";

    static final String ANN = basic("ann:secret of ann");
    /** {@code pä:ss}. */
    private static final String FOREIGN = "$2b$04$abcdefghijklmnopqrstuuhC0bPoUtF5o8bp2gaL0R3/vQ51MSUoO";
    /** Eighty times x, of which bcrypt knows 72. */
    private static final String LONG = "$2a$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    private static Served served() {
        return Served.with(Plugins.basicAuth(b -> b.realm("the \"inner\" circle")
                .user("ann", HASH)
                .user("bob", FOREIGN)
                .user("eve", LONG)));
    }

    private static int status(Served served, String authorization) {
        return served.get("/", "Authorization: " + authorization).status();
    }

    @Test
    void aPasswordLetsInAndTellsTheEndpointWhoItIs() {
        try (Served served = served()) {
            assertThat(status(served, ANN)).isEqualTo(200);
            assertThat(served.seen().headers().all("x-authenticated-user")).containsExactly("ann");
            assertThat(served.seen().headers().contains("authorization")).isFalse();
            assertThat(status(served, basic("bob:p\u00e4:ss"))).isEqualTo(200);
            assertThat(status(served, basic("eve:" + "x".repeat(80)))).isEqualTo(200);
            assertThat(status(served, ANN.replace("Basic", "bAsIc"))).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic",
                "Basic ",
                "Basic ====",
                "Basic !!!!",
                "Basic YW5u",
                "Basic YW5uOnNlY3JldA==",
                "Basic //86eA==",
                "Bearer x"
            })
    void everythingElseIsRefused(String authorization) {
        try (Served served = served()) {
            RawResponse response = served.get("/", "Authorization: " + authorization);
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.headers().first("www-authenticate"))
                    .contains("Basic realm=\"the \\\"inner\\\" circle\", charset=\"UTF-8\"");
            assertThat(served.upstream().requestCount()).isZero();
        }
    }

    @Test
    void twoCredentialsAWrongPasswordAndAnUnknownUserAreRefused() {
        try (Served served = served()) {
            assertThat(served.get("/", "Authorization: " + ANN, "Authorization: " + ANN)
                            .status())
                    .isEqualTo(401);
            assertThat(status(served, basic("ann:secret of bob"))).isEqualTo(401);
            assertThat(status(served, basic("nobody:secret of ann"))).isEqualTo(401);
            assertThat(status(served, basic(":"))).isEqualTo(401);
            assertThat(served.get("/").status()).isEqualTo(401);
        }
    }

    @Test
    void theJdksClientLogsIn() throws IOException, InterruptedException {
        try (Served served = served()) {
            HttpClient client = HttpClient.newBuilder()
                    .authenticator(new Authenticator() {
                        @Override
                        protected PasswordAuthentication getPasswordAuthentication() {
                            return new PasswordAuthentication("ann", "secret of ann".toCharArray());
                        }
                    })
                    .build();
            URI uri = URI.create("http://127.0.0.1:" + served.balancer().port() + "/");
            assertThat(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("hello");
        }
    }

    @Test
    void aFileOfUsersIsFollowed(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("users"), "# us\nann:" + HASH + "\n\n");
        try (Served served = Served.with(Plugins.basicAuth(b -> b.htpasswd(file)))) {
            assertThat(status(served, ANN)).isEqualTo(200);
            write(file, "bob:" + FOREIGN, 1);
            await().atMost(Duration.ofSeconds(60)).until(() -> status(served, ANN) == 401);
            assertThat(status(served, basic("bob:p\u00e4:ss"))).isEqualTo(200);
            write(file, "ann:" + HASH + "\nbob:" + FOREIGN, 2);
            await().atMost(Duration.ofSeconds(60)).until(() -> status(served, ANN) == 200);
            assertThat(status(served, basic("bob:p\u00e4:ss"))).isEqualTo(200);
        }
    }

    private static void write(Path file, String text, int seconds) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000 + seconds)));
    }

    @Test
    void aFileThatIsBrokenIsRefusedWithItsLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("users"), "ann:" + HASH + "\nbob:{SHA}abc\n");
        assertThatThrownBy(() -> Served.with(Plugins.basicAuth(b -> b.htpasswd(file))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("users:2: ***")
                .message()
                .doesNotContain("abc");
    }

    @Test
    void passwordsThatWaitInTooGreatANumberAreToldToComeAgain() {
        // A cost of 12: each takes a quarter of a second or more.
        String slow = "$2a$12$" + HASH.substring(7);
        try (Served served =
                Served.with(Plugins.basicAuth(b -> b.user("ann", slow).maxPending(2)))) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(served.connect()
                        .send(Served.request("GET", "/", "", "Authorization: " + basic("ann:wrong" + i))));
            }
            List<Integer> statuses = clients.stream()
                    .map(client -> client.readResponse().status())
                    .toList();
            clients.forEach(RawClient::close);
            assertThat(statuses).contains(503, 401).doesNotContain(200);
        }
    }

    @Test
    void hashesAreNeverShown() {
        assertThatThrownBy(() -> Plugins.basicAuth(b -> b.user("ann", "plain text")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("basic_auth.users")
                .message()
                .doesNotContain("plain text");
        assertThat(Plugins.basicAuth(b -> b.user("ann", HASH))
                        .settings()
                        .orElseThrow()
                        .toString())
                .doesNotContain("$2y$");
        assertThatThrownBy(() -> Plugins.basicAuth(b -> {})).hasMessageContaining("one of users, htpasswd");
        assertThatThrownBy(() -> Plugins.basicAuth(b -> b.user("ann:x", HASH)))
                .hasMessageContaining("basic_auth.users: a name (expected: names without a colon)");
    }
}
