package io.lb4j.it.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Site;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.WireFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever a client sends, endpoints see only requests that a strict parser takes, one at a time: the scripted upstream lists all else
 * as a violation.
 */
final class RequestMutationTest {
    private static final long SEED = 20_231_117;
    private static final int AT_ONCE = 20;
    private static final Duration PATIENCE = Duration.ofMillis(50);
    private static final List<String> SAMPLES = List.of(
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX: 1\r\n\r\n",
            "GET http://a/4 HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, x\r\nX: 1\r\n\r\n",
            "POST /5 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /6 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n24\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n\r\n\r\n0\r\n\r\n",
            "HEAD /7 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "POST /8 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok");

    @Test
    void neverDesynchroniseAnEndpoint() {
        attack(400);
    }

    @Test
    @Tag("full")
    void neverDesynchroniseAnEndpointHoweverManyThereAre() {
        attack(8_000);
    }

    private static void attack(int rounds) {
        Random random = new Random(SEED);
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream)
                        .listener(made -> made.timeouts(times -> times.requestHead(PATIENCE)
                                .requestBody(PATIENCE)
                                .idle(PATIENCE)))
                        .start()) {
            for (int round = 0; round < rounds; round += AT_ONCE) {
                List<String> sent = new ArrayList<>();
                upstream.forget();
                attackOnce(site, random, sent);
                assertThat(upstream.violations()).as("one of %s", sent).isEmpty();
                assertThat(upstream.requests())
                        .extracting(seen -> seen.headers().all("host").size())
                        .allMatch(hosts -> hosts == 1);
            }
            assertThat(site.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(200);
        }
    }

    private static void attackOnce(Site site, Random random, List<String> sent) {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            byte[] octets = Mutations.mutate(random, join(random));
            sent.add(new String(octets, StandardCharsets.ISO_8859_1));
            RawClient client = site.dial();
            clients.add(client);
            client.send(octets);
        }
        for (RawClient client : clients) {
            readAll(client);
            client.close();
        }
    }

    private static void readAll(RawClient client) {
        try {
            client.readUntil("\u0000no such octets\u0000");
        } catch (WireFailure ended) {
            // Whatever it was answered, the connection has ended: that is all that is waited for.
            assertThat(ended).isNotNull();
        }
    }

    private static byte[] join(Random random) {
        StringBuilder requests = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            requests.append(SAMPLES.get(random.nextInt(SAMPLES.size())));
        }
        return requests.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
