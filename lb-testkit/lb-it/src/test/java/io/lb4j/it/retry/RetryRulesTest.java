package io.lb4j.it.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Site;
import io.lb4j.model.RetryOn;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.time.TimeBound;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often, how soon and for what a request is sent again. */
final class RetryRulesTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static ScriptedUpstream failing() {
        return ScriptedUpstream.start(script -> script.onAny().reset());
    }

    @Test
    void triesAsOftenAsItMayAndSaysSo() {
        try (ScriptedUpstream failing = failing();
                Site site = Site.before(failing)
                        .route(made -> made.retry(retry -> retry.count(3).backoffBase(Duration.ofMillis(1))))
                        .start()) {
            assertThat(site.ask(GET).status()).isEqualTo(502);

            AccessRecord access = site.nextRecord();
            assertThat(access.upstream().tries()).isEqualTo(4);
            assertThat(access.response().reason()).contains("upstream_closed");
            assertThat(failing.requestCount()).isEqualTo(4);
            assertThat(site.route().retries()).isEqualTo(3);
        }
    }

    @Test
    void doesNotTryAgainWhatItIsNotToldTo() {
        try (ScriptedUpstream failing = failing();
                Site site = Site.before(failing)
                        .route(made -> made.retry(retry -> retry.on(RetryOn.CONNECT_FAILURE)))
                        .start()) {
            assertThat(site.ask(GET).status()).isEqualTo(502);
            assertThat(failing.requestCount()).isOne();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 10", "0.5, 0, 15", "1, 0, 20"})
    void keepsRetriesAShareOfTheTraffic(double share, int minimum, int seen) {
        try (ScriptedUpstream failing = failing();
                Site site = Site.before(failing)
                        .cluster(made -> made.ejection(ejection -> ejection.off()))
                        .route(made -> made.retry(retry -> retry.count(1)
                                .budget(share)
                                .budgetMinPerSecond(minimum)
                                .backoffBase(Duration.ofMillis(1))))
                        .start();
                RawClient client = site.dial()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.send(GET).readResponse().status()).isEqualTo(502);
            }
            assertThat(failing.requestCount()).isEqualTo(seen);
        }
    }

    @TimeBound
    @Test
    void waitsLongerBeforeEachFurtherTry() {
        try (ScriptedUpstream failing = failing();
                Site site = Site.before(failing)
                        .route(made -> made.retry(retry -> retry.count(3)
                                .backoffBase(Duration.ofMillis(100))
                                .backoffMax(Duration.ofMillis(250))
                                .jitter(0)))
                        .start()) {
            site.ask(GET);

            List<RecordedRequest> tries = failing.requests();
            assertThat(pauses(tries))
                    .satisfiesExactly(
                            first -> assertThat(first).isBetween(95L, 400L),
                            second -> assertThat(second).isBetween(195L, 500L),
                            third -> assertThat(third).isBetween(245L, 550L));
        }
    }

    @TimeBound
    @Test
    void takesAwayFromEachWaitWhatChanceSays() {
        try (ScriptedUpstream failing = failing();
                Site site = Site.before(failing)
                        .route(made -> made.retry(retry -> retry.count(6)
                                .backoffBase(Duration.ofMillis(200))
                                .backoffMax(Duration.ofMillis(200))
                                .jitter(1)))
                        .start()) {
            site.ask(GET);

            // Six waits of up to 200 ms by chance: all of them within the last 17 ms of it happens once in two million
            // times.
            assertThat(pauses(failing.requests())).hasSize(6).anyMatch(pause -> pause < 183);
        }
    }

    private static List<Long> pauses(List<RecordedRequest> tries) {
        return IntStream.range(1, tries.size())
                .mapToObj(i -> (tries.get(i).arrivalNanos() - tries.get(i - 1).arrivalNanos()) / 1_000_000)
                .toList();
    }

    @Test
    void sendsABodyAgainAsLongAsItIsKept() {
        try (ScriptedUpstream flaky = ScriptedUpstream.start(script -> {
                    script.on("/").times(1).reset();
                    script.onAny().echo();
                });
                Site site = Site.before(flaky)
                        .route(made -> made.retry(retry -> retry.maxBody(1000)))
                        .start()) {
            RawResponse kept = site.ask("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(1000));
            assertThat(kept.status()).isEqualTo(200);
            assertThat(kept.body().length()).isEqualTo(1000);
            assertThat(flaky.requestCount()).isEqualTo(2);

            flaky.rescript(script -> {
                script.on("/").times(1).reset();
                script.onAny().echo();
            });
            RawResponse tooLong =
                    site.ask("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n" + "x".repeat(1001));
            assertThat(tooLong.status()).isEqualTo(502);
            assertThat(flaky.requestCount()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 2", "PUT, 2", "DELETE, 2", "POST, 1", "PATCH, 1"})
    void triesAStatusAgainForMethodsThatMayBeRepeated(String method, int seen) {
        try (ScriptedUpstream busy = ScriptedUpstream.start(script -> {
                    script.on("/").times(1).answer(503, "busy");
                    script.onAny().answer(200);
                });
                Site site = Site.before(busy)
                        .route(made -> made.retry(retry -> retry.statuses("503")))
                        .start()) {
            RawResponse response = site.ask(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

            assertThat(response.status()).isEqualTo(seen == 2 ? 200 : 503);
            assertThat(busy.requestCount()).isEqualTo(seen);
        }
    }

    @TimeBound
    @Test
    void holdsTheClientBackWhileThereIsNowhereToSendTheRest() throws InterruptedException {
        try (ScriptedUpstream flaky = ScriptedUpstream.start(script -> {
                    script.on("/").times(1).early().reset();
                    script.onAny().sink();
                });
                Site site = Site.before(flaky)
                        .route(made -> made.retry(retry -> retry.backoffBase(Duration.ofSeconds(1))
                                .backoffMax(Duration.ofSeconds(1))
                                .jitter(0)))
                        .start();
                RawClient client = site.dial()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000100\r\n\r\n" + "x".repeat(100));
            flaky.awaitRequest();
            Thread sender = new Thread(() -> client.sendPayload(20_000_000));
            sender.start();

            sender.join(600);
            assertThat(sender.isAlive()).as("it is still waiting to send").isTrue();
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(flaky.requests().get(1).body().length()).isEqualTo(20_000_100);
        }
    }

    @Test
    void answersWhereThereIsNoEndpointAtAll() {
        try (ScriptedUpstream dead = ScriptedUpstream.start();
                Site site = Site.before(dead).start()) {
            dead.stopListening();

            RawResponse response = site.ask(GET);

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.headers().first("x-lb4j-reason")).contains("connect_failed");
            assertThat(site.nextRecord().upstream().tries()).isEqualTo(3);
        }
    }
}
