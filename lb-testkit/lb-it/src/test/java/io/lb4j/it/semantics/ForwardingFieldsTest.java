package io.lb4j.it.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Site;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is meant for one connection goes, what says who the client is comes, and nobody is believed who is not trusted. */
final class ForwardingFieldsTest {
    private static final String SPOOFED =
            "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\n"
                    + "X-Forwarded-Port: 1\r\nForwarded: for=1.2.3.4\r\n";

    private ScriptedUpstream upstream;

    @BeforeEach
    void start() {
        upstream = ScriptedUpstream.start();
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    private Fields seenBy(Site.Plan plan, String fields) {
        try (Site site = plan.start()) {
            assertThat(site.ask("GET / HTTP/1.1\r\nHost: a.test:81\r\n" + fields + "\r\n")
                            .status())
                    .isEqualTo(200);
        }
        return upstream.awaitRequest().headers();
    }

    @Test
    void whatConnectionNamesIsRemovedBeforeOurOwnFieldsCome() {
        Fields seen = seenBy(
                Site.before(upstream)
                        .listener(
                                made -> made.forwarding(to -> to.forwarded(true).via("gate"))),
                "Connection: close, X-Secret, X-Forwarded-For, Forwarded, Via, x-forwarded-proto\r\n"
                        + "Connection: X-More\r\nX-Secret: 1\r\nX-More: 2\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\n"
                        + "Proxy-Authorization: basic\r\nTE: gzip, trailers;q=0.5\r\nUpgrade: x\r\n" + SPOOFED);

        assertThat(seen.names())
                .doesNotContain(
                        "x-secret", "x-more", "keep-alive", "proxy-connection", "proxy-authorization", "upgrade");
        assertThat(seen.all("x-forwarded-for")).containsExactly("127.0.0.1");
        assertThat(seen.all("x-forwarded-proto")).containsExactly("http");
        assertThat(seen.all("forwarded")).containsExactly("for=127.0.0.1;host=\"a.test:81\";proto=http");
        assertThat(seen.all("via")).containsExactly("1.1 gate");
    }

    @Test
    void connectionCannotTakeAwayWhatTheMessageIsReadBy() {
        upstream.rescript(script -> script.onAny().echo());
        try (Site site = Site.before(upstream).start()) {
            RawResponse response =
                    site.ask("POST / HTTP/1.1\r\nHost: a\r\nConnection: content-length, host, transfer-encoding\r\n"
                            + "Content-Length: 5\r\n\r\nhello");

            assertThat(response.text()).isEqualTo("hello");
            assertThat(upstream.awaitRequest().headers().all("content-length")).containsExactly("5");
            assertThat(upstream.awaitRequest().headers().all("host")).containsExactly("a");
            assertThat(upstream.violations()).isEmpty();
        }
    }

    @Test
    void aStrangersWordIsReplaced() {
        Fields seen = seenBy(Site.before(upstream), SPOOFED);

        assertThat(seen.all("x-forwarded-for")).containsExactly("127.0.0.1");
        assertThat(seen.all("x-forwarded-proto")).containsExactly("http");
        assertThat(seen.all("x-forwarded-host")).containsExactly("a.test:81");
        assertThat(seen.all("x-forwarded-port")).doesNotContain("1").hasSize(1);
        assertThat(seen.contains("forwarded")).isFalse();
    }

    @Test
    void aStrangersWordIsDroppedEvenWhereNothingIsSaidInItsPlace() {
        Fields seen =
                seenBy(Site.before(upstream).listener(made -> made.forwarding(to -> to.xForwarded(false))), SPOOFED);

        assertThat(seen.names())
                .doesNotContain(
                        "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "forwarded");
    }

    @Test
    void aTrustedProxysWordIsKeptAndExtended() {
        Fields seen = seenBy(
                Site.before(upstream)
                        .listener(made -> made.forwarding(to ->
                                to.trustedProxies("10.0.0.0/8", "127.0.0.1").forwarded(true))),
                SPOOFED + "X-Forwarded-For: 5.6.7.8\r\n");

        assertThat(seen.all("x-forwarded-for")).containsExactly("1.2.3.4, 5.6.7.8, 127.0.0.1");
        assertThat(seen.all("x-forwarded-proto")).containsExactly("https");
        assertThat(seen.all("x-forwarded-host")).containsExactly("evil");
        assertThat(seen.all("x-forwarded-port")).containsExactly("1");
        assertThat(seen.all("forwarded")).containsExactly("for=1.2.3.4, for=127.0.0.1;host=\"a.test:81\";proto=http");
    }

    @Test
    void aTrustedProxyThatSaysNothingIsSpokenFor() {
        Fields seen = seenBy(
                Site.before(upstream).listener(made -> made.forwarding(to -> to.trustedProxies("127.0.0.0/8"))), "");

        assertThat(seen.all("x-forwarded-for")).containsExactly("127.0.0.1");
        assertThat(seen.all("x-forwarded-proto")).containsExactly("http");
        assertThat(seen.all("x-forwarded-host")).containsExactly("a.test:81");
    }

    @Test
    void theHostStaysUnlessTheRouteSaysOtherwise() {
        assertThat(seenBy(Site.before(upstream), "").all("host")).containsExactly("a.test:81");
        upstream.forget();
        Fields seen = seenBy(Site.before(upstream).route(made -> made.rewrite(to -> to.host("b.test"))), "");
        assertThat(seen.all("host")).containsExactly("b.test");
        assertThat(seen.all("x-forwarded-host")).containsExactly("a.test:81");
        upstream.forget();
        seen = seenBy(Site.before(upstream).route(made -> made.rewrite(to -> to.endpointHost())), "");
        assertThat(seen.all("host")).containsExactly("127.0.0.1:" + upstream.port());
        assertThat(seen.all("x-forwarded-host")).containsExactly("a.test:81");
    }

    @Test
    void whatAnEndpointMeansForItsConnectionDoesNotReachTheClient() {
        upstream.rescript(script -> script.onAny()
                .answer(Answer.status(200)
                        .header("connection", "x-hop")
                        .header("x-hop", "1")
                        .header("keep-alive", "timeout=5")
                        .header("proxy-authenticate", "basic")
                        .header("upgrade", "h2c")
                        .header("via", "1.1 origin")
                        .body("ok")));
        try (Site site = Site.before(upstream)
                .listener(made -> made.forwarding(to -> to.via("gate")))
                .start()) {
            RawResponse response = site.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(response.headers().names())
                    .doesNotContain("x-hop", "keep-alive", "proxy-authenticate", "upgrade", "connection");
            assertThat(response.headers().all("via")).containsExactly("1.1 origin", "1.1 gate");
        }
    }

    @Test
    void maxForwardsIsCountedDownAndEndsARequest() {
        try (Site site = Site.before(upstream).start()) {
            assertThat(site.ask("OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 10\r\n\r\n")
                            .status())
                    .isEqualTo(200);
            assertThat(upstream.awaitRequest().headers().all("max-forwards")).containsExactly("9");
            assertThat(site.ask("OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n")
                            .status())
                    .isEqualTo(204);
            assertThat(site.ask("TRACE / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n")
                            .status())
                    .isEqualTo(501);
            assertThat(upstream.requestCount()).isEqualTo(1);
            assertThat(site.ask("GET / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }
}
