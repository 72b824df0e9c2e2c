package io.lb4j.it.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Site;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http.UpstreamExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever an endpoint sends, a client that parses strictly gets an answer that is well formed, or one that is visibly cut short, and the
 * next request gets its own answer.
 */
final class ResponseMutationTest {
    private static final long SEED = 20_251_124;
    private static final Duration GLANCE = Duration.ofMillis(2);
    private static final int GLANCES = 25;
    private static final List<String> SAMPLES = List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX: 1\r\n\r\n",
            "HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhidden",
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n");

    @Test
    void neverReachAClientAsSomebodyElsesAnswer() {
        answer(300);
    }

    @Test
    @Tag("full")
    void neverReachAClientAsSomebodyElsesAnswerHoweverManyThereAre() {
        answer(3_000);
    }

    private static void answer(int rounds) {
        Random random = new Random(SEED);
        AtomicReference<byte[]> next = new AtomicReference<>(new byte[0]);
        AtomicBoolean answered = new AtomicBoolean();
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/bad").perform(exchange -> send(exchange, next.get(), answered));
                    script.onAny().echo();
                });
                Site site = Site.before(upstream)
                        .cluster(made -> made.ejection(ejection -> ejection.off()))
                        .route(made -> made.retry(retry -> retry.count(0)))
                        .start()) {
            for (int round = 0; round < rounds; round++) {
                byte[] sample = SAMPLES.get(random.nextInt(SAMPLES.size())).getBytes(StandardCharsets.ISO_8859_1);
                next.set(Mutations.mutate(random, sample));
                answered.set(false);
                assertOwnAnswers(
                        site, answered, "round " + round + ": " + new String(next.get(), StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** Sends something; if that is no whole answer, closes after a while, for nothing more will come. */
    private static void send(UpstreamExchange exchange, byte[] octets, AtomicBoolean answered) throws IOException {
        exchange.write(octets);
        exchange.flush();
        for (int glance = 0; glance < GLANCES; glance++) {
            if (answered.get()) {
                return;
            }
            exchange.pause(GLANCE);
        }
        exchange.close();
    }

    private static void assertOwnAnswers(Site site, AtomicBoolean answered, String sent) {
        try (RawClient client = site.dial()) {
            RawResponse bad =
                    client.send("GET /bad HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
            answered.set(true);
            if (bad.connectionClosed()) {
                assertThat(bad.wasTruncated())
                        .as("an end that is none, %s", sent)
                        .isTrue();
                return;
            }
            RawResponse good =
                    client.send("GET /good HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
            assertThat(good.headers().first("x-echo-target"))
                    .as("the next answer, %s", sent)
                    .contains("/good");
        }
    }
}
