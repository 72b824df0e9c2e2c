package io.lb4j.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.snapshot.FilterRun;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The chain by itself: order, gates, re-entrance, and what is let go at the end. One class, however long: all of it is told by the same noting filter and
 * sink, and what one rule has to do with the next is seen here alone.
 */
final class ChainRunTest {
    private final Entries entries = new Entries();
    private final RecordingSink sink = new RecordingSink();
    private final List<String> heard = new ArrayList<>();

    /** Notes each callback, and answers with the same verdict each time. */
    private final class Noting implements Filter {
        private final String name;
        private final Verdict onHead;
        private final Verdict onData;
        private @Nullable FilterExchange exchange; // once the head has come

        Noting(String name, Verdict onHead, Verdict onData) {
            this.name = name;
            this.onHead = onHead;
            this.onData = onData;
        }

        FilterExchange exchange() {
            return Objects.requireNonNull(exchange);
        }

        @Override
        public Verdict onRequestHead(FilterExchange given, RequestHead head, boolean end) {
            exchange = given;
            heard.add(name + " head");
            return onHead;
        }

        @Override
        public Verdict onRequestData(FilterExchange given, BodyPart data, boolean end) {
            heard.add(name + " " + data.content().toString(StandardCharsets.US_ASCII) + (end ? " end" : ""));
            return onData;
        }

        @Override
        public Verdict onRequestTrailers(FilterExchange given, Fields trailers) {
            heard.add(name + " trailers");
            return onData;
        }

        @Override
        public Verdict onResponseHead(FilterExchange given, ResponseHead head, boolean end) {
            heard.add(name + " response " + head.status());
            return Verdict.CONTINUE;
        }

        @Override
        public void onEnd(FilterExchange given) {
            heard.add(name + " ended");
        }
    }

    private Noting noting(String name) {
        return new Noting(name, Filter.Verdict.CONTINUE, Filter.Verdict.CONTINUE);
    }

    private static ByteBuf data(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void goesThereInOrderAndBackInReverse() {
        FilterRun run = sink.start(entries.closed("b", noting("b")), entries.closed("a", noting("a")));
        run.requestHead(false);
        run.requestData(data("x"), true);
        run.responseHead(new ResponseHead(), true);
        sink.endExchange();
        sink.endExchange();

        assertThat(heard)
                .containsExactly(
                        "a head",
                        "b head",
                        "a x end",
                        "b x end",
                        "b response 200",
                        "a response 200",
                        "b ended",
                        "a ended");
        assertThat(sink.lines()).containsExactly("request /", "data x end", "response 200 end");
    }

    @Test
    void whatAFilterWantsMoreOfGoesOnWhenItResumes() {
        Noting more = new Noting("a", Filter.Verdict.MORE, Filter.Verdict.MORE);
        FilterRun run = sink.start(entries.closed("a", more), entries.closed("b", noting("b")));
        run.requestHead(false);
        run.requestData(data("x"), false);
        assertThat(sink.lines()).isEmpty();

        more.exchange().resumeRequest();
        more.exchange().resumeRequest();
        assertThat(sink.lines()).containsExactly("request /", "data x");

        run.requestData(data("y"), false);
        run.requestData(data("z"), true);
        assertThat(heard).containsExactly("a head", "a x", "b head", "b x", "a y", "a yz end", "b yz end");
        assertThat(sink.lines()).containsExactly("request /", "data x", "data yz end");
    }

    /** Gives each request that has none a body, or what it is told to do with it. */
    private static Filter giving(String body, Filter.Verdict verdict) {
        return new Filter() {
            @Override
            public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                exchange.giveBody(data("dropped"));
                exchange.giveBody(data(body));
                return verdict;
            }
        };
    }

    @Test
    void aRequestThatIsGivenABodyHasOneForTheFiltersBehind() {
        FilterRun run = sink.start(
                entries.closed("a", noting("a")),
                entries.closed("b", giving("xyz", Filter.Verdict.CONTINUE)),
                entries.closed("c", noting("c")));
        run.requestHead(true);

        assertThat(heard).containsExactly("a head", "c head", "c xyz end");
        assertThat(sink.lines()).containsExactly("request /", "data xyz end");
        assertThat(sink.request().fields().value("content-length")).contains("3");
    }

    @Test
    void aRequestThatIsGivenABodyAndPausedGoesOnWithIt() {
        List<FilterExchange> exchanges = new ArrayList<>();
        Filter giving = giving("xyz", Filter.Verdict.PAUSE);
        FilterRun run = sink.start(
                entries.closed("a", new Filter() {
                    @Override
                    public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                        exchanges.add(exchange);
                        return giving.onRequestHead(exchange, head, end);
                    }
                }),
                entries.closed("b", noting("b")));
        run.requestHead(true);
        assertThat(sink.lines()).doesNotContain("request /");

        exchanges.get(0).resumeRequest();
        assertThat(heard).containsExactly("b head", "b xyz end");
        assertThat(sink.lines()).contains("request /", "data xyz end");
    }

    @Test
    void aRequestThatHasABodyIsNotGivenAnother() {
        Noting filter = noting("a");
        FilterRun run =
                sink.start(entries.closed("a", filter), entries.closed("b", giving("xyz", Filter.Verdict.CONTINUE)));
        run.requestHead(false);

        assertThat(sink.lines()).contains("failed plugin_failed");
        assertThatThrownBy(() -> filter.exchange().giveBody(data("late")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("too late");
    }

    @Test
    void pushesGetAndHeadWithoutABodyAndNothingElse() {
        Noting filter = noting("a");
        FilterRun run = sink.start(entries.closed("a", filter));
        run.requestHead(true);
        FilterExchange exchange = filter.exchange();

        assertThat(exchange.push(new RequestHead().target("/style.css"))).isTrue();
        assertThat(exchange.push(new RequestHead().method(Method.HEAD))).isTrue();
        assertThatThrownBy(() -> exchange.push(new RequestHead().method(Method.POST)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: GET or HEAD, without a body");
        RequestHead withBody = new RequestHead();
        withBody.fields().add("content-length", "1");
        assertThatThrownBy(() -> exchange.push(withBody)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> exchange.push(new RequestHead().protocol("websocket")))
                .isInstanceOf(IllegalArgumentException.class);
        sink.endExchange();
        assertThat(exchange.push(new RequestHead())).as("once it has ended").isFalse();
        assertThat(sink.lines()).containsExactly("request / end", "push /style.css", "push /");
    }

    @Test
    void typesSkipTheCallbacksOfTheOther() {
        Function<FilterExchange, Filter> request = exchange -> noting("request");
        Function<FilterExchange, Filter> response = exchange -> noting("response");
        FilterRun run = sink.start(
                entries.entry("a", Plugin.Type.REQUEST, request, false),
                entries.entry("b", Plugin.Type.RESPONSE, response, false));
        run.requestHead(true);
        run.responseHead(new ResponseHead(), true);
        sink.endExchange();

        assertThat(heard).containsExactly("request head", "response response 200", "response ended", "request ended");
    }

    @Test
    void readsAgainOnlyWhenNobodyPausesAnyLonger() {
        Noting first = new Noting("a", Filter.Verdict.CONTINUE, Filter.Verdict.PAUSE);
        Noting second = new Noting("b", Filter.Verdict.PAUSE, Filter.Verdict.CONTINUE);
        FilterRun run = sink.start(entries.closed("a", first), entries.closed("b", second));
        run.requestHead(false);
        run.requestData(data("x"), false);
        first.exchange().resumeRequest();
        first.exchange().resumeRequest();
        assertThat(sink.lines()).containsExactly("hold request");

        second.exchange().resumeRequest();

        assertThat(sink.lines()).containsExactly("hold request", "read request", "request /", "data x");
        sink.endExchange();
    }

    @Test
    void showsWhatCameMeanwhileAndTheTrailersAfterIt() {
        Noting pausing = new Noting("a", Filter.Verdict.PAUSE, Filter.Verdict.CONTINUE);
        FilterRun run = sink.start(entries.closed("a", pausing));
        run.requestHead(false);
        run.requestData(data("x"), false);
        run.requestData(data("y"), false);
        run.requestTrailers(new Fields().add("x-sum", "1"));
        assertThat(heard).containsExactly("a head");

        pausing.exchange().resumeRequest();

        assertThat(heard).containsExactly("a head", "a xy", "a trailers");
        assertThat(sink.lines())
                .containsExactly("hold request", "read request", "request /", "data xy", "trailers x-sum: 1");
    }

    @Test
    void gathersUpToTheLimitAndNotOneOctetMore() {
        FilterRun run =
                sink.start(entries.closed("a", new Noting("a", Filter.Verdict.BUFFER, Filter.Verdict.CONTINUE)));
        run.requestHead(false);
        run.requestData(data("1234"), false);
        run.requestData(data("5678"), false);
        assertThat(sink.lines()).isEmpty();
        run.requestData(data(""), true);
        assertThat(heard).containsExactly("a head", "a 12345678 end");

        RecordingSink other = new RecordingSink();
        FilterRun larger =
                other.start(entries.closed("a", new Noting("a", Filter.Verdict.BUFFER, Filter.Verdict.CONTINUE)));
        larger.requestHead(false);
        larger.requestData(data("123456789"), false);
        assertThat(other.lines()).containsExactly("failed body_too_large");
        larger.requestData(data("more"), true);
    }

    @Test
    void moreIsShownFromTheBeginningEachTime() {
        FilterRun run = sink.start(entries.closed("a", new Noting("a", Filter.Verdict.MORE, Filter.Verdict.MORE)));
        run.requestHead(false);
        run.requestData(data("1"), false);
        run.requestData(data("2"), false);
        run.requestData(data("3"), true);

        assertThat(heard).containsExactly("a head", "a 1", "a 12", "a 123 end");
        assertThat(sink.lines()).containsExactly("request /", "data 123 end");
    }

    @Test
    void aResumeWithinTheCallbackIsNotLost() {
        Filter atOnce = new Filter() {
            @Override
            public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                exchange.resumeRequest();
                return Verdict.PAUSE;
            }

            @Override
            public Verdict onRequestData(FilterExchange exchange, BodyPart data, boolean end) {
                return Verdict.PAUSE;
            }
        };
        FilterRun run = sink.start(entries.closed("a", atOnce));
        run.requestHead(false);
        run.requestData(data("x"), true);
        sink.runTasks();

        assertThat(sink.lines()).containsExactly("request /", "hold request");
        sink.endExchange();
    }

    @Test
    void aReplyWithinACallbackIsMadeAfterItAndTheFirstOneCounts() {
        Filter replying = new Filter() {
            @Override
            public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                exchange.reply(new ResponseHead().status(401), data("no"));
                exchange.reply(new ResponseHead().status(402), data("never"));
                heard.add("returned");
                return Verdict.PAUSE;
            }

            @Override
            public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
                heard.add("saw " + head.status());
                exchange.reply(new ResponseHead().status(403), data("nor this"));
                return Verdict.CONTINUE;
            }
        };
        FilterRun run = sink.start(
                entries.closed("a", noting("a")), entries.closed("b", replying), entries.closed("c", noting("c")));
        run.requestHead(false);
        run.requestData(data("late"), true);
        sink.endExchange();

        assertThat(heard).containsExactly("a head", "returned", "saw 401", "a response 401", "a ended");
        assertThat(sink.lines()).containsExactly("response 401", "body no end");
    }

    @Test
    void aReplyInPlaceOfAResponseIsSeenByThoseWhoHaveNotSeenOne() {
        Filter replacing = new Filter() {
            @Override
            public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
                exchange.reply(new ResponseHead().status(503), Unpooled.EMPTY_BUFFER);
                return Verdict.CONTINUE;
            }
        };
        FilterRun run = sink.start(
                entries.closed("a", noting("a")), entries.closed("b", replacing), entries.closed("c", noting("c")));
        run.requestHead(true);
        run.responseHead(new ResponseHead(), false);
        sink.endExchange();

        assertThat(heard).containsExactly("a head", "c head", "c response 200", "a response 503", "c ended", "a ended");
        assertThat(sink.lines()).containsExactly("request / end", "response 503 end");
    }

    @Test
    void aLatePauseEndsOrGoesOn() {
        Noting open = new Noting("open", Filter.Verdict.PAUSE, Filter.Verdict.CONTINUE);
        FilterRun run = sink.start(entries.open("open", open));
        run.requestHead(false);
        run.requestData(data("x"), true);
        await().until(() -> {
            sink.runTasks();
            return sink.lines().contains("data x end");
        });
        assertThat(heard).containsExactly("open head"); // it takes no further part

        RecordingSink other = new RecordingSink();
        other.start(entries.closed("closed", new Noting("closed", Filter.Verdict.PAUSE, Filter.Verdict.CONTINUE)))
                .requestHead(true);
        await().until(() -> {
            other.runTasks();
            return other.lines().contains("failed plugin_timeout");
        });
        sink.endExchange();
    }

    @Test
    void aFilterThatThrowsInTheMiddleOfAPieceLeavesItUnread() {
        Filter throwing = new Filter() {
            @Override
            public Verdict onRequestData(FilterExchange exchange, BodyPart data, boolean end) {
                data.content().skipBytes(2);
                throw new IllegalStateException("on purpose");
            }
        };
        FilterRun run = sink.start(entries.open("a", throwing), entries.closed("b", noting("b")));
        run.requestHead(false);
        run.requestData(data("whole"), false);
        run.requestData(data("more"), true);

        assertThat(sink.lines()).containsExactly("request /", "data whole", "data more end");
    }

    @Test
    void whatIsHeldAtTheEndIsLetGoAndLaterCallsAreVoid() {
        Noting pausing = new Noting("a", Filter.Verdict.PAUSE, Filter.Verdict.CONTINUE);
        FilterRun run = sink.start(entries.closed("a", pausing));
        run.requestHead(false);
        ByteBuf held = data("held");
        run.requestData(held, true);
        sink.endExchange();
        ByteBuf body = data("late");
        pausing.exchange().resumeRequest();
        pausing.exchange().reply(new ResponseHead(), body);

        assertThat(held.refCnt()).isZero();
        assertThat(body.refCnt()).isZero();
        assertThatThrownBy(() -> pausing.exchange().request()).isInstanceOf(IllegalStateException.class);
        assertThat(sink.lines()).containsExactly("hold request", "read request");
    }

    @Test
    void aReplyWithAnInformationalStatusIsRefused() {
        Noting pausing = new Noting("a", Filter.Verdict.PAUSE, Filter.Verdict.CONTINUE);
        sink.start(entries.closed("a", pausing)).requestHead(true);
        ByteBuf body = data("x");

        assertThatThrownBy(() -> pausing.exchange().reply(new ResponseHead().status(103), body))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("103");
        assertThat(body.refCnt()).isZero();
        sink.endExchange();
    }

    @Test
    void tunnelsAreNeitherShownNorGathered() {
        sink.request().protocol("websocket");
        FilterRun run = sink.start(entries.closed("a", new Noting("a", Filter.Verdict.BUFFER, Filter.Verdict.BUFFER)));
        run.requestHead(false);
        run.requestData(data("frame that is longer than the limit"), false);

        assertThat(heard).containsExactly("a head");
        assertThat(sink.lines()).containsExactly("request /", "data frame that is longer than the limit");
        sink.endExchange();
    }

    @Test
    void anInstanceTellsWhenNoExchangeIsWithIt() {
        ChainEntry entry = entries.closed("a", noting("a"));
        FilterRun run = sink.start(entry);
        entry.instance().whenUnused(0, () -> heard.add("unused"));
        run.requestHead(true);
        assertThat(heard).containsExactly("a head");
        sink.endExchange();
        assertThat(heard).containsExactly("a head", "a ended", "unused");

        entry.instance().whenUnused(0, () -> heard.add("at once"));
        assertThat(heard).endsWith("at once");
    }

    @Test
    void ordersByPriorityAndThenByName() {
        ChainEntry low = entries.closed("a", noting("a"));
        ChainEntry high = new ChainEntry(
                entries.closed("z", noting("z")).instance(), "z", 10, List.of(), Set.of(), low.conduct());
        ChainEntry middle = entries.closed("b", noting("b"));

        assertThat(FilterChain.of(List.of(middle, low, high)).toString()).isEqualTo("[z, a, b]");
        assertThat(FilterChain.EMPTY.isEmpty()).isTrue();
    }
}
