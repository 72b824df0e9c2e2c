package io.lb4j.it.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import org.junit.jupiter.api.Test;

final class ForwardingTest {
    @Test
    void forwardsARequestWithItsBodyAndReturnsTheAnswer() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(201).header("x-answer", "yes").body("created")));
                LoadBalancer lb = Balancers.before(upstream);
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse response = client.send("POST /things?a=b HTTP/1.1\r\nHost: example.com\r\nX-Custom: 1\r\n"
                            + "Content-Length: 5\r\n\r\nhello")
                    .readResponse();

            assertThat(response.status()).isEqualTo(201);
            assertThat(response.text()).isEqualTo("created");
            assertThat(response.headers().first("x-answer")).contains("yes");
            RecordedRequest seen = upstream.awaitRequest();
            assertThat(seen.method()).isEqualTo("POST");
            assertThat(seen.target()).isEqualTo("/things?a=b");
            assertThat(seen.headers().first("host")).contains("example.com");
            assertThat(seen.headers().first("x-custom")).contains("1");
            assertThat(seen.body().text()).isEqualTo("hello");
            assertThat(upstream.violations()).isEmpty();
        }
    }

    @Test
    void saysWhoTheClientIsAndBelievesNobodyElse() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Balancers.before(upstream);
                RawClient client = RawClient.connect(lb.port())) {
            client.send("GET / HTTP/1.1\r\nHost: example.com\r\nX-Forwarded-For: 1.2.3.4\r\n"
                            + "X-Forwarded-Proto: https\r\nForwarded: for=1.2.3.4\r\n\r\n")
                    .readResponse();

            RecordedRequest seen = upstream.awaitRequest();
            assertThat(seen.headers().all("x-forwarded-for")).containsExactly("127.0.0.1");
            assertThat(seen.headers().all("x-forwarded-proto")).containsExactly("http");
            assertThat(seen.headers().all("x-forwarded-host")).containsExactly("example.com");
            assertThat(seen.headers().all("x-forwarded-port")).containsExactly(Integer.toString(lb.port()));
            assertThat(seen.headers().all("forwarded")).isEmpty();
        }
    }

    @Test
    void removesWhatIsMeantForOneConnection() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(200)
                                .header("connection", "x-secret")
                                .header("x-secret", "1")
                                .header("keep-alive", "timeout=5")
                                .body("ok")));
                LoadBalancer lb = Balancers.before(upstream);
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse response = client.send(
                            "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\n"
                                    + "Keep-Alive: timeout=5\r\nTE: trailers, deflate\r\nProxy-Connection: keep-alive\r\n\r\n")
                    .readResponse();

            RecordedRequest seen = upstream.awaitRequest();
            assertThat(seen.headers().first("x-hop")).isEmpty();
            assertThat(seen.headers().first("keep-alive")).isEmpty();
            assertThat(seen.headers().first("proxy-connection")).isEmpty();
            assertThat(seen.headers().all("te")).containsExactly("trailers");
            assertThat(response.headers().first("x-secret")).isEmpty();
            assertThat(response.headers().first("keep-alive")).isEmpty();
        }
    }

    @Test
    void passesTrailersBothWays() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(200).chunked().body("data").trailer("x-sum", "42")));
                LoadBalancer lb = Balancers.before(upstream);
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse response = client.send(
                            "POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + "4\r\nbody\r\n0\r\nX-Check: 7\r\n\r\n")
                    .readResponse();

            assertThat(response.text()).isEqualTo("data");
            assertThat(response.trailers().first("x-sum")).contains("42");
            RecordedRequest seen = upstream.awaitRequest().awaitComplete();
            assertThat(seen.body().text()).isEqualTo("body");
            assertThat(seen.trailers().first("x-check")).contains("7");
        }
    }

    @Test
    void passesContinueAndEarlyHintsOn() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .inform(100)
                        .inform(103, "link", "</style.css>; rel=preload")
                        .answer(200, "done"));
                LoadBalancer lb = Balancers.before(upstream);
                RawClient client = RawClient.connect(lb.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(100);

            RawResponse response = client.send("ok").readResponse();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.informational())
                    .anySatisfy(head -> assertThat(head.status()).isEqualTo(103));
        }
    }

    @Test
    void keepsConnectionsOnBothSides() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Balancers.before(upstream);
                RawClient client = RawClient.connect(lb.port())) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.send("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
            }

            assertThat(upstream.connections().accepted()).isEqualTo(1);
            assertThat(upstream.requests())
                    .extracting(RecordedRequest::isPipelined)
                    .containsOnly(false);
        }
    }

    @Test
    void spreadsRequestsOverAllEndpoints() {
        try (ScriptedUpstream a = ScriptedUpstream.start();
                ScriptedUpstream b = ScriptedUpstream.start();
                ScriptedUpstream c = ScriptedUpstream.start();
                LoadBalancer lb = Balancers.before(a, b, c);
                RawClient client = RawClient.connect(lb.port())) {
            for (int i = 0; i < 30; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
            }

            assertThat(a.requestCount()).isEqualTo(10);
            assertThat(b.requestCount()).isEqualTo(10);
            assertThat(c.requestCount()).isEqualTo(10);
        }
    }

    @Test
    void aTruncatedAnswerIsNeverMadeToLookWhole() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script ->
                        script.onAny().answer(Answer.status(200).payload(10_000).closeAt(5_000)));
                LoadBalancer lb = Balancers.before(upstream);
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse response =
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();

            assertThat(response.wasTruncated()).isTrue();
        }
    }
}
