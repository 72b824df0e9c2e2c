package io.lb4j.it.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.it.fixture.Site;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.H2Response;
import io.lb4j.testkit.http2.RawH2Client;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a request may be at the most: the limit itself is served, one more is refused, counted and recorded, by either protocol. */
final class RequestLimitsTest {
    private ScriptedUpstream upstream;
    private Site site;

    @BeforeEach
    void start() {
        upstream = ScriptedUpstream.start(script -> script.onAny().sink());
        site = Site.before(upstream)
                .listener(made -> made.limits(limits ->
                        limits.requestLine(300).headerCount(10).headerSize(1000).body(1000)))
                .start();
    }

    @AfterEach
    void close() {
        site.close();
        upstream.close();
    }

    private void assertServed(String request) {
        assertThat(site.ask(request).status()).isEqualTo(200);
        assertThat(site.nextRecord().response().reason()).isEmpty();
    }

    private void assertRefused(String request, int status, String reason) {
        upstream.forget();
        long before = site.failures(reason);
        try (RawClient client = site.dial()) {
            RawResponse response = client.send(request).readResponse();
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.headers().first("x-lb4j-reason")).contains(reason);
            assertThat(response.headers().first("connection")).contains("close");
            client.expectClose();
        }
        assertCounted(reason, status, before + 1);
    }

    private void assertCounted(String reason, int status, long count) {
        AccessRecord access = site.nextRecord();
        assertThat(access.response().status()).isEqualTo(status);
        assertThat(access.response().reason()).contains(reason);
        assertThat(site.failures(reason)).isEqualTo(count);
    }

    @Test
    void theRequestLine() {
        String line = "GET /" + "a".repeat(300 - "GET / HTTP/1.1".length()) + " HTTP/1.1\r\nHost: a\r\n\r\n";
        assertServed(line);
        assertRefused(line.replace("GET /", "GET /a"), 414, "target_too_long");
        assertRefused("GET /" + "a".repeat(100_000), 414, "target_too_long");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void theNumberOfFields() {
        String head = "GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(9);
        assertServed(head + "\r\n");
        assertRefused(head + "X: 1\r\n\r\n", 431, "headers_too_large");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void theSizeOfTheFields() {
        String fields = "Host: a\r\nX: " + "x".repeat(1000 - "Host: a\r\nX: \r\n".length()) + "\r\n";
        assertServed("GET / HTTP/1.1\r\n" + fields + "\r\n");
        assertRefused("GET / HTTP/1.1\r\n" + fields.replace("X: ", "X: x") + "\r\n", 431, "headers_too_large");
        assertRefused("GET / HTTP/1.1\r\nX: " + "x".repeat(100_000), 431, "headers_too_large");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void theFieldsBehindABody() {
        String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + "X: 1\r\n".repeat(10);
        assertServed(head + "\r\n");
        assertRefused(head + "X: 1\r\n\r\n", 431, "headers_too_large");
    }

    @Test
    void aBodyOfKnownLength() {
        String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
        assertServed(head + "1000\r\n\r\n" + "x".repeat(1000));
        assertRefused(head + "1001\r\n\r\n", 413, "body_too_large");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void aBodyInChunks() {
        String head =
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e7\r\n" + "x".repeat(999) + "\r\n";
        assertServed(head + "1\r\nx\r\n0\r\n\r\n");
        assertRefused(head + "2\r\nxx\r\n0\r\n\r\n", 413, "body_too_large");
        // An endpoint that had begun to read it does not take it for whole.
        assertThat(upstream.requests())
                .allSatisfy(seen -> await().until(seen::state, RecordedRequest.State.TRUNCATED::equals));
    }

    @Test
    void aClientThatIsStillSendingGetsToSeeWhyItWasRefused() {
        try (RawClient client = site.dial()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n")
                    .sendPayload(500_000);
            assertThat(client.readResponse().status()).isEqualTo(413);
        }
    }

    // ---- HTTP/2

    private static H2Response get(RawH2Client client, Fields head) {
        return client.awaitResponse(client.open(head, true));
    }

    private static void assertRefused(H2Response response, int status, String reason) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.headers().first("x-lb4j-reason")).contains(reason);
    }

    private static Fields more(Fields head, int fields) {
        Fields all = head;
        for (int i = 0; i < fields; i++) {
            all = all.and("x", "1");
        }
        return all;
    }

    @Test
    void theTargetInHttp2() {
        try (RawH2Client client = RawH2Client.connect(site.port())) {
            assertThat(get(client, client.head("GET", "/" + "a".repeat(299))).status())
                    .isEqualTo(200);
            site.nextRecord();
            assertRefused(get(client, client.head("GET", "/" + "a".repeat(300))), 414, "target_too_long");
            assertCounted("target_too_long", 414, 1);
            assertThat(client.get("/").status()).as("the connection goes on").isEqualTo(200);
        }
    }

    @Test
    void theNumberOfFieldsInHttp2() {
        try (RawH2Client client = RawH2Client.connect(site.port())) {
            assertThat(get(client, more(client.head("GET", "/"), 6)).status()).isEqualTo(200);
            site.nextRecord();
            assertRefused(get(client, more(client.head("GET", "/"), 7)), 431, "headers_too_large");
            assertCounted("headers_too_large", 431, 1);
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void theSizeOfTheFieldsInHttp2() {
        try (RawH2Client client = RawH2Client.connect(site.port())) {
            Fields head = client.head("GET", "/");
            int size = 32 + 1;
            for (Fields.Field field : head) {
                size += 32 + field.name().length() + field.value().length();
            }
            String rest = "x".repeat(1000 - size);
            assertThat(get(client, head.and("x", rest)).status()).isEqualTo(200);
            site.nextRecord();
            assertRefused(get(client, head.and("x", rest + "x")), 431, "headers_too_large");
            assertCounted("headers_too_large", 431, 1);
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyInHttp2() {
        try (RawH2Client client = RawH2Client.connect(site.port())) {
            assertThat(client.request(client.head("POST", "/"), new byte[1000]).status())
                    .isEqualTo(200);
            site.nextRecord();
            assertRefused(client.request(client.head("POST", "/"), new byte[1001]), 413, "body_too_large");
            assertCounted("body_too_large", 413, 1);

            Fields declared = client.head("POST", "/").and("content-length", "1001");
            assertRefused(client.awaitResponse(client.open(declared, false)), 413, "body_too_large");
            assertCounted("body_too_large", 413, 2);
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }
}
