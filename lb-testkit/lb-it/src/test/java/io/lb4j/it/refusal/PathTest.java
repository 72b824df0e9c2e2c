package io.lb4j.it.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Site;
import io.lb4j.model.PathPolicy;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is routed by is what is forwarded, and what two servers might read differently goes by the policy. */
final class PathTest {
    private static ScriptedUpstream upstream;
    private static Site site;

    @BeforeAll
    static void start() {
        upstream = ScriptedUpstream.start();
        site = Site.before(upstream).start();
    }

    @AfterAll
    static void close() {
        site.close();
        upstream.close();
    }

    @BeforeEach
    void forget() {
        upstream.forget();
    }

    private static RawResponse get(Site asked, String target) {
        return asked.ask("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "/a/./b/../c, /a/c",
        "//a///b, /a/b",
        "/%61%2e%2E/b, /a../b",
        "/a/%2e%2e/b, /b",
        "/a%2fb, /a%2Fb",
        "/a;b=1/c, /a;b=1/c",
        "/a?b=/../c&d=%2e, /a?b=/../c&d=%2e",
        "http://a/x/../y, /y",
        "http://a?q, /?q",
        "http://a, /",
    })
    void isForwardedInOneCanonicalForm(String target, String forwarded) {
        assertThat(get(site, target).status()).isEqualTo(200);
        assertThat(upstream.awaitRequest().target()).isEqualTo(forwarded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../etc/passwd",
                "/a/../../b",
                "/%2e%2e/b",
                "/a%00",
                "/a%2",
                "/a%zz",
                "/a\\..\\b",
                "/a%5cb",
                "/..;/b"
            })
    void isRefusedWhereItCannotBeTrustedAndTheConnectionServesTheNext(String target) {
        try (RawClient client = site.dial()) {
            RawResponse response = client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n")
                    .readResponse();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.headers().first("x-lb4j-reason")).contains("malformed_request");
            assertThat(upstream.requests()).isEmpty();

            assertThat(client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void followsTheListenersPolicy() {
        try (Site strict = Site.before(upstream)
                .listener(made -> made.paths(paths -> paths.duplicateSlashes(PathPolicy.Slashes.REFUSE)
                        .encodedSlash(PathPolicy.Ambiguous.REFUSE)
                        .semicolon(PathPolicy.Ambiguous.REFUSE)
                        .backslash(PathPolicy.Ambiguous.KEEP)))
                .start()) {
            assertThat(get(strict, "/a//b").status()).isEqualTo(400);
            assertThat(get(strict, "/a%2Fb").status()).isEqualTo(400);
            assertThat(get(strict, "/a;b").status()).isEqualTo(400);
            assertThat(upstream.requests()).isEmpty();
            assertThat(get(strict, "/a\\b").status()).isEqualTo(200);
            assertThat(upstream.awaitRequest().target()).isEqualTo("/a%5Cb");
        }
    }
}
