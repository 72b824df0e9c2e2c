package io.lb4j.it.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.it.fixture.Site;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a client writes becomes a line of a head, in either direction. */
final class ResponseSplittingTest {
    private static final String EVIL = "a%0d%0aSet-Cookie:%20x=1%0d%0a%0d%0abody";

    @Test
    void aRedirectKeepsEncodedLineEndsEncoded() {
        try (LoadBalancer lb = LoadBalancer.builder()
                        .listener(made -> made.port(0))
                        .route(made -> made.path("/old/{rest}").redirect(to -> to.path("/new/{rest}")))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse response = client.send("GET /old/" + EVIL + "?q=" + EVIL + " HTTP/1.1\r\nHost: a\r\n\r\n")
                    .readResponse();

            assertThat(response.status()).isBetween(301, 308);
            assertThat(response.headers().contains("set-cookie")).isFalse();
            assertThat(response.headers().first("location"))
                    .hasValueSatisfying(location ->
                            assertThat(location).endsWith("/new/a%0D%0ASet-Cookie:%20x=1%0D%0A%0D%0Abody?q=" + EVIL));
        }
    }

    @Test
    void aRewriteKeepsEncodedLineEndsEncoded() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream)
                        .route(made -> made.rewrite(to -> to.regex("^/old/(.*)$", "/new/$1")))
                        .start()) {
            assertThat(site.ask("GET /old/" + EVIL + " HTTP/1.1\r\nHost: a\r\n\r\n")
                            .status())
                    .isEqualTo(200);
            assertThat(upstream.awaitRequest().target()).isEqualTo("/new/a%0D%0ASet-Cookie:%20x=1%0D%0A%0D%0Abody");
            assertThat(upstream.awaitRequest().headers().contains("set-cookie")).isFalse();
            assertThat(upstream.violations()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\rSet-Cookie: a=b", "x\nSet-Cookie: a=b", "x\u0000y"})
    void aFieldOfAnEndpointThatWouldBecomeTwoBecomesA502(String value) {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script ->
                        script.onAny().raw("HTTP/1.1 200 OK\r\nX: " + value + "\r\nContent-Length: 0\r\n\r\n"));
                Site site = Site.before(upstream).start()) {
            RawResponse response = site.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.headers().contains("set-cookie")).isFalse();
        }
    }

    @Test
    void theOctetsOfAReasonPhraseAreNotPassedOn() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().raw("HTTP/1.1 200 Fine by me\r\nContent-Length: 0\r\n\r\n"));
                Site site = Site.before(upstream).start()) {
            assertThat(site.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").reason()).isEqualTo("OK");
        }
    }
}
