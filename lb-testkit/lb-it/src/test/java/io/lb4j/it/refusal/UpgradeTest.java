package io.lb4j.it.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Site;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A connection becomes a tunnel only when both sides have agreed, and carries nothing else before or after. */
final class UpgradeTest {
    private static final String UPGRADE =
            "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final Answer AGREED = Answer.status(101)
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");

    @Test
    void whatFollowsTheRequestWaitsForThe101() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .stall()
                        .answer(AGREED)
                        .perform(exchange -> {
                            byte[] early = new byte[5];
                            int count = exchange.tunnel().read(early);
                            exchange.tunnel().write(early, count);
                        }));
                Site site = Site.before(upstream).start();
                RawClient client = site.dial()) {
            client.send(UPGRADE + "early");
            upstream.awaitRequest();
            client.expectSilence(Duration.ofMillis(100));
            assertThat(upstream.violations()).isEmpty();

            upstream.release();

            assertThat(client.readHead().status()).isEqualTo(101);
            assertThat(client.read(5)).asString().isEqualTo("early");
            assertThat(upstream.violations()).isEmpty();
        }
    }

    @Test
    void a200IsNo101AndWhatFollowsIsJudgedAsTheNextRequest() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "no"));
                Site site = Site.before(upstream).start();
                RawClient client = site.dial()) {
            client.send(UPGRADE + "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.readResponse().status()).isEqualTo(200);
            client.expectClose();
            assertThat(upstream.requests()).extracting(RecordedRequest::target).containsExactly("/chat", "/next");
            assertThat(upstream.requests())
                    .extracting(RecordedRequest::connection)
                    .as("one that was asked to switch is not used again")
                    .doesNotHaveDuplicates();
            assertThat(upstream.violations()).isEmpty();
        }
    }

    @Test
    void an101ThatNobodyAskedForIsAFault() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/fault").answer(AGREED);
                    script.onAny().answer(200);
                });
                Site site = Site.before(upstream).start()) {
            RawResponse response = site.ask("GET /fault HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.headers().first("x-lb4j-reason")).contains("malformed_response");
            assertThat(site.ask("GET /next HTTP/1.1\r\nHost: a\r\n\r\n").status())
                    .isEqualTo(200);
            assertThat(upstream.requests())
                    .extracting(RecordedRequest::connection)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void anUpgradeToHttp2IsStripped() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().echo());
                Site site = Site.before(upstream).start()) {
            RawResponse response = site.ask("POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                    + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\nContent-Length: 4\r\n\r\nbody");

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("body");
            RecordedRequest seen = upstream.awaitRequest();
            assertThat(seen.headers().contains("upgrade")).isFalse();
            assertThat(seen.headers().contains("http2-settings")).isFalse();
            assertThat(seen.headers().contains("connection")).isFalse();
        }
    }

    @Test
    void connectIsNotServed() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream).start();
                RawClient client = site.dial()) {
            RawResponse response = client.send("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n\u0016\u0003\u0001")
                    .readResponse();

            assertThat(response.status()).isEqualTo(501);
            assertThat(response.headers().first("x-lb4j-reason")).contains("not_implemented");
            assertThat(client.readResponse().status())
                    .as("what was meant for the tunnel")
                    .isEqualTo(400);
            client.expectClose();
            assertThat(upstream.requests()).isEmpty();
        }
    }
}
