package io.lb4j.plugins.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that are always the same. */
final class StaticResponseTest {
    @Test
    void everyRequestIsAnsweredWithoutAnEndpoint() {
        try (Served served = Served.with(Plugins.staticResponse(
                r -> r.status(503).body("back at n\u00fcn").field("retry-after", "60")))) {
            RawResponse response = served.get("/");
            assertThat(response.status()).isEqualTo(503);
            assertThat(new String(
                            response.text().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                            java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("back at n\u00fcn");
            assertThat(response.headers().first("retry-after")).contains("60");
            assertThat(served.ask(Served.request("HEAD", "/", "")).headers().first("content-length"))
                    .contains("12");
            assertThat(served.upstream().requestCount()).isZero();
        }
    }

    @Test
    void aPageStandsForErrorsWhoeverMadeThemAndKeepsWhatTheyAskFor(@TempDir Path folder) throws IOException {
        Path page = Files.writeString(folder.resolve("error.html"), "<h1>Sorry</h1>");
        try (Served served = Served.with(
                script -> {
                    script.on("/gone").close();
                    script.on("/login")
                            .answer(Answer.status(401)
                                    .header("WWW-Authenticate", "Basic realm=\"a\"")
                                    .header("Content-Encoding", "gzip")
                                    .header("ETag", "\"1\"")
                                    .body("xyz"));
                    script.onAny().answer(200, "fine");
                },
                Plugins.staticResponse(
                        r -> r.insteadOf("401", "500-599").file(page).contentType("text/html")))) {
            assertThat(served.get("/").text()).isEqualTo("fine");
            RawResponse gone = served.get("/gone");
            assertThat(gone.status()).isEqualTo(502);
            assertThat(gone.text()).isEqualTo("<h1>Sorry</h1>");
            RawResponse login = served.get("/login");
            assertThat(login.status()).isEqualTo(401);
            assertThat(login.text()).isEqualTo("<h1>Sorry</h1>");
            assertThat(login.headers().first("www-authenticate")).contains("Basic realm=\"a\"");
            assertThat(login.headers().first("content-type")).contains("text/html");
            assertThat(login.headers().contains("content-encoding")).isFalse();
            assertThat(login.headers().contains("etag")).isFalse();
        }
    }

    @Test
    void faultsNameTheirPlace() {
        assertThatThrownBy(() -> Plugins.staticResponse(r ->
                        r.status(204).body("x").field("content-length", "1").insteadOf("5xx")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("static_response.status")
                .hasMessageContaining("static_response.fields.content-length")
                .hasMessageContaining("static_response.instead_of[0]");
    }
}
