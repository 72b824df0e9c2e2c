package io.lb4j.it.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.it.fixture.Site;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Requests that a client sends ahead wait for their turn, and do not pile up. */
final class PipeliningTest {
    @Test
    void requestsAreAnsweredInTheirOrderOneInFlightAtATime() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().echo());
                Site site = Site.before(upstream).start();
                RawClient client = site.dial()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append("POST /").append(i).append(" HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            }
            client.send(requests.toString());

            for (int i = 0; i < 50; i++) {
                assertThat(client.readResponse().headers().first("x-echo-target"))
                        .contains("/" + i);
            }
            assertThat(upstream.requests())
                    .extracting(RecordedRequest::isPipelined)
                    .containsOnly(false);
            assertThat(upstream.connections().accepted()).isOne();
        }
    }

    @Test
    void aRequestBehindOneThatClosesIsNotServed() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream).start();
                RawClient client = site.dial()) {
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readResponse().headers().first("connection")).contains("close");
            client.expectClose();
            assertThat(upstream.requests()).extracting(RecordedRequest::target).containsExactly("/1");
        }
    }

    @Test
    void aClientThatSendsAheadAndReadsNothingIsHeldBackAndCutOff() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).payload(64 << 20)));
                Site site = Site.before(upstream)
                        .listener(made -> made.timeouts(times -> times.responseWrite(Duration.ofMillis(500))))
                        .start();
                RawClient client = site.dial()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000));

            assertThat(site.nextRecord().response().reason()).contains("client_stalled");
            assertThat(upstream.requestCount()).isLessThan(3);
            assertThat(site.failures("client_stalled")).isOne();
            await().until(() -> site.listener().connectionsOpen() == 0);
        }
    }
}
