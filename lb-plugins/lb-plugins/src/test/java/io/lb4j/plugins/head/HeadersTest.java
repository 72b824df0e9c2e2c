package io.lb4j.plugins.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Part;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawResponse;
import org.junit.jupiter.api.Test;

/** Header fields that are removed, set and added. */
final class HeadersTest {
    @Test
    void requestsAndResponsesAreChanged() {
        Part headers = Plugins.headers(h -> h.request(r -> r.remove("X-Secret", "cookie")
                        .set("x-set", "ours")
                        .add("x-added", "ours")
                        .byDefault("x-default", "ours"))
                .response(r -> r.remove("server")
                        .set("cache-control", "no-store")
                        .byDefault("strict-transport-security", "max-age=31536000")));
        try (Served served = Served.with(
                script -> script.onAny()
                        .answer(Answer.status(200)
                                .header("Server", "x/1")
                                .header("Cache-Control", "public")
                                .header("Strict-Transport-Security", "max-age=1")),
                headers)) {
            RawResponse response = served.get(
                    "/", "x-secret: 1", "Cookie: a=b", "X-Set: theirs", "X-Added: theirs", "X-Default: theirs");

            assertThat(response.headers().contains("server")).isFalse();
            assertThat(response.headers().all("cache-control")).containsExactly("no-store");
            assertThat(response.headers().all("strict-transport-security")).containsExactly("max-age=1");
            assertThat(served.seen().headers().contains("x-secret")).isFalse();
            assertThat(served.seen().headers().contains("cookie")).isFalse();
            assertThat(served.seen().headers().all("x-set")).containsExactly("ours");
            assertThat(served.seen().headers().all("x-added")).containsExactly("theirs", "ours");
            assertThat(served.seen().headers().all("x-default")).containsExactly("theirs");
        }
    }

    @Test
    void answersOfTheBalancerItselfAreChangedToo() {
        try (Served served = Served.with(
                script -> script.onAny().close(),
                Plugins.headers(h -> h.response(r -> r.set("x-frame-options", "DENY"))))) {
            RawResponse response = served.get("/");
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.headers().first("x-frame-options")).contains("DENY");
        }
    }

    @Test
    void whatFramesAMessageOrHoldsALineFeedIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> Plugins.headers(h -> h.request(
                                r -> r.set("Host", "x").add("transfer-encoding", "chunked"))
                        .response(r -> r.set("x-a", "b\r\nset-cookie: c=d").remove("content-length"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("headers.request.set.Host")
                .hasMessageContaining("headers.request.add.transfer-encoding")
                .hasMessageContaining("headers.response.set.x-a")
                .hasMessageContaining("headers.response.remove");
        assertThatThrownBy(() -> Plugins.headers(h -> {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("one of request, response");
    }

    @Test
    void aSecretIsSentAndNotShown() {
        Part headers = Plugins.headers(h -> h.request(r -> r.setSecret("authorization", "Bearer t0k3n")));
        assertThat(headers.settings().orElseThrow().toString()).doesNotContain("t0k3n");
        try (Served served = Served.with(headers)) {
            served.get("/", "Authorization: Bearer theirs");
            assertThat(served.seen().headers().all("authorization")).containsExactly("Bearer t0k3n");
        }
    }
}
