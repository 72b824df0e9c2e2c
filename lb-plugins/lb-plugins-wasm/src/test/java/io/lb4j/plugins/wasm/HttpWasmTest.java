package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.testkit.http.RawResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests of http-wasm, over real sockets. The guest is {@code handler.c}. */
final class HttpWasmTest {
    private static ProbeHost host;

    @BeforeAll
    static void start() {
        host = ProbeHost.of(Guests.c("handler"), wasm -> wasm.config("told"), use -> {});
    }

    @AfterAll
    static void end() {
        host.close();
    }

    @Test
    void aRequestIsReadAndChanged() {
        RawResponse response = host.served().get("/path?q=1", "X-Do: tell", "X-Many: 1", "X-Many: 2", "X-Secret: s");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.headers().first("x-number")).contains("7");
        assertThat(host.seen("x-method")).isEqualTo("GET");
        assertThat(host.seen("x-uri")).isEqualTo("/path?q=1");
        assertThat(host.seen("x-version")).isEqualTo("HTTP/1.1");
        assertThat(host.seen("x-source")).startsWith("127.0.0.1:");
        assertThat(host.seen("x-config")).isEqualTo("told");
        assertThat(host.seen("x-count")).isEqualTo("2");
        assertThat(host.served().seen().headers().all("x-many")).containsExactly("1", "2", "3");
        assertThat(host.seen("x-secret")).isEmpty();
        assertThat(host.served().seen().target()).isEqualTo("/told?a=b");
    }

    @Test
    void aGuestAnswersItself() {
        RawResponse response = host.ask("answer");
        assertThat(response.status()).isEqualTo(418);
        assertThat(response.headers().first("x-own")).contains("1");
        assertThat(response.text()).isEqualTo("short and stout");
        assertThat(response.headers().contains("x-number")).isFalse();
    }

    @Test
    void bodiesAreReadAndWritten() {
        assertThat(host.send("body", "content").status()).isEqualTo(200);
        assertThat(host.served().seen().body().text()).isEqualTo("<content>");
        assertThat(host.seen("x-first-end")).isEqualTo("0");
        RawResponse response = host.ask("rewrite");
        assertThat(response.text()).isEqualTo("hello!");
        assertThat(response.headers().first("content-length")).contains("6");
    }

    @Test
    void aRequestWithoutABodyIsGivenOne() {
        assertThat(host.ask("give").status()).isEqualTo(200);
        assertThat(host.served().seen().method()).isEqualTo("POST");
        assertThat(host.served().seen().body().text()).isEqualTo("given");
        assertThat(host.seen("content-length")).isEqualTo("5");
    }

    @Test
    void theHostIsAmongTheFieldsOfARequest() {
        assertThat(host.ask("host").status()).isEqualTo(200);
        assertThat(host.seen("x-host")).isEqualTo("a.example");
        assertThat(host.seen("x-first-name")).isEqualTo("host");
        assertThat(host.seen("host")).isEqualTo("other.test");
        assertThat(host.seen("x-features")).as("without trailers").isEqualTo("3");
    }

    @Test
    void aGuestSeesAndChangesWhatEndpointsAreToldOfTheClient() {
        assertThat(host.ask("disown", "X-Forwarded-For: 192.0.2.1").status()).isEqualTo(200);
        assertThat(host.seen("x-for")).isEqualTo("192.0.2.1, 127.0.0.1");
        assertThat(host.seen("x-forwarded-for")).isEqualTo("192.0.2.7");
        assertThat(host.seen("x-forwarded-host")).isEqualTo("a.example");
        assertThat(host.seen("x-forwarded-port")).isEmpty();
    }

    @Test
    void aResponseIsReadAndChanged() {
        RawResponse response = host.ask("status");
        assertThat(response.status()).isEqualTo(202);
        assertThat(response.headers().first("x-class")).contains("2");
    }

    @Test
    void whatAGuestWritesBeforeThereIsAResponseComesFirst() {
        RawResponse response = host.ask("before");
        assertThat(response.headers().first("x-before")).contains("1");
        assertThat(response.text()).isEqualTo("before hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loop",
                "wild",
                "crlf",
                "trailer",
                "late-method",
                "late-uri",
                "late-field",
                "late-removal",
                "late-body"
            })
    void aGuestThatDoesWhatIsNotDoneCostsItsOwnExchange(String what) {
        assertThat(host.ask(what).status()).isEqualTo(500);
        assertThat(host.ask("tell").status()).isEqualTo(200);
    }

    @Test
    void aGuestWithoutItsCallbacksIsRefused() {
        byte[] half = Guests.wat(
                "(module (memory (export \"memory\") 1) (func (export \"handle_request\") (result i64) (i64.const 1)))");
        assertThatThrownBy(() -> ProbeHost.of(half, wasm -> {}, use -> {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("export handle_response: missing");
    }
}
