package io.lb4j.it.plugins;

import static io.lb4j.it.plugins.Plugged.GET;
import static io.lb4j.it.plugins.Plugged.ask;
import static io.lb4j.it.plugins.Plugged.post;
import static io.lb4j.it.plugins.Plugged.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.Filter.Verdict;
import io.lb4j.spi.FilterExchange;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.net.WireFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What filters do to bodies, and what becomes of the lengths that heads say. */
final class BodyTest {
    private static final int LIMIT = 256 * 1024;

    @Test
    void aGatheredBodyIsSeenAsAWholeAndItsNewLengthIsSaid() {
        Filters.UpperCase upper = new Filters.UpperCase(Verdict.BUFFER, "!");
        try (ScriptedUpstream upstream = echoing();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("upper", upper))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
            client.send("def");
            RawResponse response = client.readResponse();

            assertThat(response.text()).isEqualTo("ABCDEF!!");
            assertThat(response.headers().all("content-length")).containsExactly("8");
            assertThat(upstream.awaitRequest().headers().all("content-length")).containsExactly("7");
            assertThat(upper.seen()).containsExactly("abcdef", "ABCDEF!");
        }
    }

    private static ScriptedUpstream echoing() {
        return ScriptedUpstream.start(script -> script.onAny().echo());
    }

    @Test
    void aChunkedBodyIsGatheredUpToItsTrailers() {
        Filters.UpperCase upper = new Filters.UpperCase(Verdict.BUFFER, "");
        try (ScriptedUpstream upstream = echoing();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("upper", upper))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            client.send(
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nx-sum: 1\r\n\r\n");

            assertThat(client.readResponse().text()).isEqualTo("ABC");
            RecordedRequest request = upstream.awaitRequest();
            assertThat(request.trailers().first("x-sum")).contains("1");
            assertThat(upper.seen().get(0)).isEqualTo("abc");
        }
    }

    @Test
    void aBodyOfExactlyTheLimitIsGatheredAndOneOctetMoreIsRefused() {
        Filters.UpperCase upper = new Filters.UpperCase(Verdict.BUFFER, "");
        try (ScriptedUpstream upstream = echoing();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("upper", upper))
                        .start()) {
            assertThat(ask(lb, post("a".repeat(LIMIT))).text()).hasSize(LIMIT);
            RawResponse refused = ask(lb, post("a".repeat(LIMIT + 1)));

            assertThat(refused.status()).isEqualTo(413);
            assertThat(upstream.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void aResponseOverTheLimitIsAnsweredWith502() {
        ProbePlugin gathering = ProbePlugin.of("gather", Filters.onResponse((exchange, head) -> Verdict.BUFFER));
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "0123456789a"));
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(gathering, use -> use.bufferLimit(10))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse response = client.send(GET).readResponse();

            assertThat(response.status()).isEqualTo(502);
            assertThat(reason(response)).isEqualTo("malformed_response");
            upstream.rescript(script -> script.onAny().answer(200, "0123456789"));
            assertThat(client.send(GET).readResponse().text()).isEqualTo("0123456789");
        }
    }

    @Test
    void moreShowsWhatHasComeFromTheBeginning() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Filter inspecting = new Filter() {
            @Override
            public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                return Verdict.MORE;
            }

            @Override
            public Verdict onRequestData(FilterExchange exchange, BodyPart data, boolean end) {
                seen.add(data.content().toString(StandardCharsets.UTF_8));
                return data.content().readableBytes() < 4 ? Verdict.MORE : Verdict.CONTINUE;
            }
        };
        try (ScriptedUpstream upstream = echoing();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("inspect", inspecting))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nab");
            org.awaitility.Awaitility.await().until(() -> seen.contains("ab"));
            client.send("cd");
            org.awaitility.Awaitility.await().until(() -> seen.contains("abcd"));
            client.send("efgh");

            assertThat(client.readResponse().text()).isEqualTo("abcdefgh");
            assertThat(seen).containsExactly("ab", "abcd", "efgh");
        }
    }

    @Test
    void aBodyThatStreamsByIsChangedOnceItsLengthIsGone() {
        Filter upper = new Filter() {
            private final Filters.UpperCase change = new Filters.UpperCase(Verdict.CONTINUE, "+");

            @Override
            public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                Filters.withoutLength(head.fields());
                return Verdict.CONTINUE;
            }

            @Override
            public Verdict onRequestData(FilterExchange exchange, BodyPart data, boolean end) {
                return change.onRequestData(exchange, data, end);
            }
        };
        try (ScriptedUpstream upstream = echoing();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("upper", upper))
                        .start()) {
            assertThat(ask(lb, post("abc")).text()).isEqualTo("ABC+");
            assertThat(upstream.awaitRequest().headers().first("transfer-encoding"))
                    .contains("chunked");
        }
    }

    @Test
    void aRequestWhoseBodyDoesNotFitItsLengthIsNotSentWhole() {
        for (String suffix : List.of("longer", "")) {
            Filter changing = new Filter() {
                @Override
                public Verdict onRequestData(FilterExchange exchange, BodyPart data, boolean end) {
                    data.replace(Filters.text(suffix.isEmpty() ? "" : "abc" + suffix));
                    return Verdict.CONTINUE;
                }
            };
            try (ScriptedUpstream upstream =
                            ScriptedUpstream.start(script -> script.onAny().stall());
                    LoadBalancer lb = Plugged.before(upstream)
                            .plugin(ProbePlugin.of("corrupt", changing))
                            .start()) {
                RawResponse response = ask(lb, post("abc"));

                assertThat(response.status()).isEqualTo(500);
                assertThat(reason(response)).isEqualTo("plugin_failed");
                assertThat(upstream.requests()).noneMatch(request -> request.state() == RecordedRequest.State.COMPLETE);
                upstream.release();
            }
        }
    }

    @Test
    void aResponseWhoseBodyDoesNotFitItsLengthIsCut() {
        Filter changing = new Filter() {
            @Override
            public Verdict onResponseData(FilterExchange exchange, BodyPart data, boolean end) {
                data.replace(Filters.text("abcdef"));
                return Verdict.CONTINUE;
            }
        };
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "abc"));
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("corrupt", changing))
                        .start();
                RawH2Client h2 = RawH2Client.connect(lb.port())) {
            assertThat(isWhole(lb)).isFalse();
            int stream = h2.open(h2.head("GET", "/"), true);
            h2.awaitReset(stream);
        }
    }

    private static boolean isWhole(LoadBalancer lb) {
        try {
            return !ask(lb, GET).wasTruncated();
        } catch (WireFailure reset) {
            return false; // the connection was reset with the head still unread
        }
    }

    @Test
    void whatAFilterHasReadIsGoneForTheNextAndEmptyPiecesEndWell() {
        Filter swallowing = new Filter() {
            @Override
            public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
                Filters.withoutLength(head.fields());
                return Verdict.CONTINUE;
            }

            @Override
            public Verdict onResponseData(FilterExchange exchange, BodyPart data, boolean end) {
                data.content().skipBytes(Math.min(2, data.content().readableBytes()));
                return Verdict.CONTINUE;
            }
        };
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "abcd"));
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("swallow", swallowing))
                        .start()) {
            assertThat(ask(lb, GET).text()).isEqualTo("cd");
        }
    }

    @Test
    void trailersAreChangedOnTheirWay() {
        Filter changing = new Filter() {
            @Override
            public Verdict onResponseTrailers(FilterExchange exchange, Fields trailers) {
                trailers.add("x-more", "2");
                return Verdict.CONTINUE;
            }
        };
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(200).body("abc").chunked().trailer("x-sum", "1")));
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("trailers", changing))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse response = client.send("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n")
                    .readResponse();

            assertThat(response.body().text()).isEqualTo("abc");
            assertThat(response.trailers().first("x-sum")).contains("1");
            assertThat(response.trailers().first("x-more")).contains("2");
        }
    }

    @Test
    void aBodyThatTrailersEndCanBeClosedBeforeThem() {
        Filter closing = new Filter() {
            @Override
            public void onRequestBodyEnd(FilterExchange exchange, BodyPart rest) {
                rest.replace(Filters.text("-end"));
            }

            @Override
            public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
                Filters.withoutLength(head.fields());
                return Verdict.CONTINUE;
            }

            @Override
            public void onResponseBodyEnd(FilterExchange exchange, BodyPart rest) {
                rest.replace(Filters.text("-done"));
            }
        };
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(200).body("abc").chunked().trailer("x-sum", "1")));
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("first", new Filters.UpperCase(Verdict.CONTINUE, "")))
                        .plugin(ProbePlugin.of("second", closing))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "2\r\nab\r\n0\r\nx-sum: 1\r\n\r\n");
            RawResponse response = client.readResponse();

            assertThat(response.text()).isEqualTo("ABC-DONE");
            assertThat(response.trailers().first("x-sum")).contains("1");
            RecordedRequest request = upstream.awaitRequest().awaitComplete();
            assertThat(request.body().text()).isEqualTo("AB-end");
            assertThat(request.trailers().first("x-sum")).contains("1");
        }
    }

    @Test
    void aPausedBodyStopsTheSenderAndLosesNothing() {
        List<FilterExchange> paused = new CopyOnWriteArrayList<>();
        Filter pausing = new Filter() {
            @Override
            public Verdict onRequestData(FilterExchange exchange, BodyPart data, boolean end) {
                if (paused.isEmpty()) {
                    paused.add(exchange);
                    return Verdict.PAUSE;
                }
                return Verdict.CONTINUE;
            }
        };
        long length = 4L << 20;
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().sink().answer(200));
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("pause", pausing))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            Thread sender =
                    new Thread(() -> client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n")
                            .sendPayload(length));
            sender.start();
            org.awaitility.Awaitility.await().until(() -> !paused.isEmpty());
            assertThat(upstream.awaitRequest().body().length()).isZero();
            paused.get(0).resumeRequest();

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(upstream.awaitRequest().awaitComplete().body().length()).isEqualTo(length);
        }
    }
}
