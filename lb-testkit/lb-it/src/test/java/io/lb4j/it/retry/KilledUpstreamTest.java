package io.lb4j.it.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.it.fixture.Site;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.Script;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.LoopbackServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An endpoint that dies, whenever it does: every GET is answered all the same, and no POST is run twice. */
final class KilledUpstreamTest {
    private static final int REQUESTS = 10;

    /** When the endpoint dies. */
    record Stage(String name, Consumer<Script> script) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Stage> stages() {
        return Stream.of(
                new Stage("the head is read", script -> script.onAny().early().reset()),
                new Stage(
                        "the head is read, in order",
                        script -> script.onAny().early().close()),
                new Stage(
                        "the body has begun",
                        script -> script.onAny().early().perform(exchange -> {
                            exchange.readBody(new byte[1]);
                            exchange.reset();
                        })),
                new Stage("the request is read", script -> script.onAny().reset()),
                new Stage(
                        "the request is read, in order",
                        script -> script.onAny().close()),
                new Stage(
                        "the first octet is sent",
                        script -> script.onAny().raw("H").reset()),
                new Stage(
                        "the status line is sent",
                        script -> script.onAny().raw("HTTP/1.1 200 OK\r\n").close()),
                new Stage(
                        "a part of the head is sent",
                        script -> script.onAny()
                                .raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n")
                                .reset()),
                new Stage("a hint is sent", script -> script.onAny().inform(103).reset()));
    }

    @ParameterizedTest
    @MethodSource("stages")
    void everyGetIsAnswered(Stage stage) {
        try (ScriptedUpstream dying = ScriptedUpstream.start(stage.script());
                ScriptedUpstream good = ScriptedUpstream.start();
                Site site = site(dying, good);
                RawClient client = site.dial()) {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
            }
            assertThat(dying.requestCount()).isPositive();
            assertThat(good.requestCount()).isEqualTo(REQUESTS);
        }
    }

    @ParameterizedTest
    @MethodSource("stages")
    void noPostIsRunTwice(Stage stage) {
        try (ScriptedUpstream dying = ScriptedUpstream.start(stage.script());
                ScriptedUpstream good = ScriptedUpstream.start();
                Site site = site(dying, good);
                RawClient client = site.dial()) {
            int failed = 0;
            for (int i = 0; i < REQUESTS; i++) {
                RawResponse response = client.send(post(Integer.toString(i))).readResponse();
                failed += response.status() == 502 ? 1 : 0;
                assertThat(response.status()).isIn(200, 502);
            }
            assertThat(failed).as("those that the dying one had").isEqualTo((int) dying.requestCount());
            assertEachOnce(dying, good);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "GET"})
    void anAnswerThatHasBegunIsNotBegunAnew(String method) {
        try (ScriptedUpstream dying = ScriptedUpstream.start(script ->
                        script.onAny().answer(Answer.status(200).payload(50_000).resetAt(20_000)));
                Site site = site(dying);
                RawClient client = site.dial()) {
            RawResponse response = client.send(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                    .readResponse();

            assertThat(response.wasTruncated()).isTrue();
            assertThat(dying.requestCount()).isOne();
        }
    }

    @Test
    void aConnectionThatIsCutBeforeAnythingWasReadIsNoProofThatNothingWas() {
        try (LoopbackServer cutting = LoopbackServer.start(
                        new LoopbackServer.Settings("cutting", Optional.empty(), 0), (wire, number) -> wire.abort());
                ScriptedUpstream good = ScriptedUpstream.start();
                Site site = unejecting(Site.at(cutting.port(), good.port())).start();
                RawClient client = site.dial()) {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
                // Two, so that in turn one of them is for the good endpoint.
                for (String id : List.of("a" + i, "b" + i)) {
                    assertThat(client.send(post(id)).readResponse().status()).isIn(200, 502);
                }
            }
            assertEachOnce(good);
        }
    }

    @Test
    void aRequestThatWasNeverSentIsSentElsewhereWhateverItsMethod() {
        try (ScriptedUpstream dead = ScriptedUpstream.start();
                ScriptedUpstream good = ScriptedUpstream.start();
                Site site = site(dead, good);
                RawClient client = site.dial()) {
            dead.stopListening();
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(client.send(post(Integer.toString(i))).readResponse().status())
                        .isEqualTo(200);
            }
            assertThat(good.requestCount()).isEqualTo(REQUESTS);
            assertEachOnce(dead, good);
        }
    }

    @Test
    void anIdleConnectionThatTheEndpointHasClosedIsNotUsedForAnything() {
        try (ScriptedUpstream closing = ScriptedUpstream.start(
                        script -> script.closeIdleAfter(1).onAny().answer(200));
                Site site = site(closing);
                RawClient client = site.dial()) {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(client.send(post(Integer.toString(i))).readResponse().status())
                        .isEqualTo(200);
                int closed = i + 1;
                closing.awaitConnections(connections -> connections.closed() == closed);
                await().until(() -> site.cluster().connections() == 0);
            }
            assertEachOnce(closing);
        }
    }

    @Test
    void underLoadEveryGetIsAnsweredAndNoPostIsRunTwice() throws Exception {
        try (ScriptedUpstream one = ScriptedUpstream.start();
                ScriptedUpstream two = ScriptedUpstream.start();
                ScriptedUpstream three = ScriptedUpstream.start();
                Site site = unejecting(Site.before(one, two, three).loops(2)).start()) {
            AtomicBoolean done = new AtomicBoolean();
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<List<Integer>>> running = new ArrayList<>();
                for (int thread = 0; thread < 4; thread++) {
                    String name = "t" + thread;
                    running.add(threads.submit(() -> statusesOfGets(site, name, done)));
                }
                for (int kill = 0; kill < 20; kill++) {
                    ScriptedUpstream victim = List.of(one, two, three).get(kill % 3);
                    victim.stopListening();
                    victim.resetConnections();
                    long before = victim.requestCount();
                    victim.resumeListening();
                    await().until(() -> victim.requestCount() > before + 20);
                }
                done.set(true);
                for (Future<List<Integer>> each : running) {
                    assertThat(each.get()).isNotEmpty().containsOnly(200);
                }
            } finally {
                done.set(true);
                threads.shutdown();
            }
            assertEachOnce(one, two, three);
        }
    }

    private static List<Integer> statusesOfGets(Site site, String name, AtomicBoolean done) {
        List<Integer> statuses = new ArrayList<>();
        try (RawClient client = site.dial()) {
            for (int i = 0; !done.get(); i++) {
                statuses.add(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                        .readResponse()
                        .status());
                int posted = client.send(post(name + "-" + i)).readResponse().status();
                assertThat(posted).isIn(200, 502);
            }
        }
        return statuses;
    }

    private static Site site(ScriptedUpstream... upstreams) {
        return unejecting(Site.before(upstreams)).start();
    }

    /** The endpoint that dies is to be tried again and again. */
    private static Site.Plan unejecting(Site.Plan plan) {
        return plan.cluster(made -> made.ejection(ejection -> ejection.off()))
                .route(made -> made.retry(retry -> retry.budget(1).budgetMinPerSecond(1000)));
    }

    private static String post(String id) {
        return "POST / HTTP/1.1\r\nHost: a\r\nX-Id: " + id + "\r\nContent-Length: 100\r\n\r\n" + "x".repeat(100);
    }

    private static void assertEachOnce(ScriptedUpstream... upstreams) {
        Map<String, Long> seen = Stream.of(upstreams)
                .flatMap(upstream -> upstream.requests().stream())
                .map(RecordedRequest::headers)
                .flatMap(headers -> headers.first("x-id").stream())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(seen).isNotEmpty();
        assertThat(seen.values()).containsOnly(1L);
    }
}
