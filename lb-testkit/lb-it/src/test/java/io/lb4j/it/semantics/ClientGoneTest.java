package io.lb4j.it.semantics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.it.fixture.Site;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that goes away: the endpoint is let go, is not blamed, and never takes what came for the whole. */
final class ClientGoneTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static void leave(RawClient client, boolean inOrder) {
        if (inOrder) {
            client.close();
        } else {
            client.abort();
        }
    }

    private static void assertBookedAsTheClients(Site site, ScriptedUpstream upstream) {
        AccessRecord access = site.nextRecord();
        assertThat(access.response().reason()).contains("client_gone");
        assertThat(site.failures("client_gone")).isOne();
        upstream.awaitConnections(connections -> connections.closed() == 1);
        assertThat(site.cluster().endpoints().values())
                .allSatisfy(endpoint -> assertThat(endpoint.inFlight()).isZero())
                .allSatisfy(endpoint -> assertThat(endpoint.isEjected()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withinItsRequest(boolean inOrder) {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().sink());
                Site site = Site.before(upstream).start();
                RawClient client = site.dial()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            RecordedRequest seen = upstream.awaitRequest();
            leave(client, inOrder);

            await().until(seen::state, RecordedRequest.State.TRUNCATED::equals);
            assertBookedAsTheClients(site, upstream);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void beforeItsAnswer(boolean inOrder) {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200));
                Site site = Site.before(upstream).start();
                RawClient client = site.dial()) {
            client.send(GET);
            upstream.awaitRequest();
            leave(client, inOrder);

            assertBookedAsTheClients(site, upstream);
        }
    }

    @Test
    void withinItsAnswer() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).payload(64 << 20)));
                Site site = Site.before(upstream).start();
                RawClient client = site.dial()) {
            client.send(GET).readHead();
            client.skip(100_000).abort();

            assertBookedAsTheClients(site, upstream);
        }
    }
}
