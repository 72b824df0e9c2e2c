package io.lb4j.plugins.cache;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.plugins.kit.Refusal;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One exchange at a cache. Confined to the exchange's event loop. */
final class CacheExchange implements Filter {
    private static final Method PURGE = Method.of("PURGE");
    private static final int NO_CONTENT = 204;
    private static final int FORBIDDEN = 403;

    private final CacheParts parts;
    private String status = ""; // what Cache-Status says of a response that comes from elsewhere
    private boolean answered; // from here
    private @Nullable String changing; // the URI that the request may change
    private @Nullable Wait wait; // once another exchange has been waited for
    private @Nullable Fetch fetch; // once an endpoint is asked for what may be kept
    private Flights.@Nullable Flight flight; // while others may wait for this exchange
    private @Nullable Filling filling; // while a body comes that is to be kept

    CacheExchange(CacheParts parts) {
        this.parts = parts;
    }

    @Override
    public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
        Method method = head.method();
        if (method != Method.GET && method != Method.HEAD) {
            write(exchange, head);
            return Verdict.CONTINUE;
        }
        Directives control = parts.controlOf(head.fields());
        if (!end || !isPlain(head) || control.has(Directives.NO_STORE)) {
            parts.figures().count(Figures.Fate.BYPASS);
            status = "fwd=bypass";
            return Verdict.CONTINUE;
        }
        Asked asked = Asked.of(exchange, head, parts.keys(), control);
        return decide(exchange, asked) ? Verdict.PAUSE : Verdict.CONTINUE;
    }

    /** A request with conditions that only the endpoint can judge is none of a cache. */
    private static boolean isPlain(RequestHead head) {
        Fields fields = head.fields();
        return !head.isUpgrade() && !fields.contains(Names.IF_MATCH) && !fields.contains(Names.IF_UNMODIFIED_SINCE);
    }

    // ---- requests that change something ----

    private void write(FilterExchange exchange, RequestHead head) {
        parts.figures().count(Figures.Fate.BYPASS);
        status = "fwd=method";
        if (head.method().isSafe() || head.isUpgrade()) {
            return;
        }
        String uri = CacheKeys.uri(head);
        changing = uri;
        if (head.method().equals(PURGE)) {
            parts.purgers().ifPresent(purgers -> {
                boolean isAllowed =
                        exchange.clientAddress().filter(purgers::contains).isPresent();
                purge(exchange, uri, isAllowed);
            });
        }
    }

    private void purge(FilterExchange exchange, String uri, boolean isAllowed) {
        answered = true;
        if (!isAllowed) {
            Refusal.send(exchange, FORBIDDEN);
            return;
        }
        parts.change(uri);
        exchange.reply(new ResponseHead().status(NO_CONTENT), Unpooled.EMPTY_BUFFER);
    }

    /** RFC 9111 §4.4: what has succeeded has changed something. */
    private void changed(ResponseHead head, String uri) {
        if (head.status() >= 200 && head.status() < 400) {
            parts.change(uri);
            CacheLocations.of(head.fields(), uri).forEach(parts::change);
        }
    }

    // ---- requests that read something ----

    /** Answers a request, or lets it go on; returns whether it waits instead. */
    private boolean decide(FilterExchange exchange, Asked asked) {
        RequestHead head = exchange.request();
        long now = parts.time().nanos();
        Stored found = parts.shelf().find(asked.key(), head.fields());
        if (found != null && isAnswered(exchange, asked, found, now)) {
            return false;
        }
        if (asked.control().has(Directives.ONLY_IF_CACHED)) {
            answered = true;
            parts.figures().count(Figures.Fate.MISS);
            parts.replies().sendNothing(exchange, "fwd=" + asked.reason(found, now) + "; detail=only-if-cached");
            return false;
        }
        if (asked.mayWait() && !parts.collapseWait().isZero() && waits(exchange, asked, found)) {
            return true;
        }
        status = "fwd=" + asked.reason(found, now);
        fetch = new Fetch(asked, head.fields().copy(), found, parts.shelf().resource(asked.uri()), now);
        if (found != null) {
            Validation.ask(head.fields(), found);
        }
        return false;
    }

    /** Answers with what is kept, if that may be used as it is. */
    private boolean isAnswered(FilterExchange exchange, Asked asked, Stored found, long now) {
        Figures.Fate fate = Figures.Fate.STALE;
        if (asked.isSatisfiedBy(found, now)) {
            fate = Figures.Fate.HIT;
        } else if (!asked.acceptsStale(found, now)
                && !(asked.acceptsMeanwhile(found, now, parts.staleWhileRevalidate())
                        && parts.refreshing().begin(exchange, asked, found))) {
            return false;
        }
        boolean hasWaited = wait != null;
        if (hasWaited) {
            parts.figures().collapsed();
        }
        String said = hasWaited ? "fwd=miss; collapsed" : Replies.hit(found, now);
        answer(exchange, asked, found, fate, said);
        return true;
    }

    private void answer(FilterExchange exchange, Asked asked, Stored stored, Figures.Fate fate, String said) {
        answered = true;
        parts.figures().count(fate);
        parts.replies().send(exchange, asked, stored, said);
    }

    /** Joins those who want the same: returns whether somebody else fetches it; else this exchange leads, or goes by itself. */
    private boolean waits(FilterExchange exchange, Asked asked, @Nullable Stored found) {
        Wait present = wait;
        if ((present != null && present.isOver()) || parts.flights().isUnshared(asked.key())) {
            return false;
        }
        while (true) {
            Optional<Flights.Joined> joined = asked.mayLead(found)
                    ? Optional.of(parts.flights().join(asked.key()))
                    : parts.flights().follow(asked.key());
            if (joined.isEmpty()) {
                return false;
            }
            if (joined.get().leads()) {
                flight = joined.get().flight();
                return false;
            }
            if (present == null) {
                present = new Wait(exchange, parts.collapseWait(), () -> awake(exchange, asked));
                wait = present;
            }
            if (joined.get().flight().await(present)) {
                return true;
            }
        }
    }

    /** What was waited for is there, or does not come, or does not come in time. */
    private void awake(FilterExchange exchange, Asked asked) {
        if (decide(exchange, asked)) {
            return;
        }
        if (wait != null) {
            wait.end();
        }
        if (!answered) {
            exchange.resumeRequest();
        }
    }

    // ---- responses ----

    @Override
    public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
        if (answered) {
            return Verdict.CONTINUE;
        }
        if (changing != null) {
            changed(head, changing);
        }
        Fetch fetched = fetch;
        if (fetched != null && receive(exchange, fetched, head, end)) {
            return Verdict.CONTINUE;
        }
        if (!status.isEmpty()) {
            parts.replies().tell(head.fields(), status);
        }
        return Verdict.CONTINUE;
    }

    /** Takes what an endpoint says; returns whether the client is answered with what is kept. */
    private boolean receive(FilterExchange exchange, Fetch fetched, ResponseHead head, boolean end) {
        long now = parts.time().nanos();
        Asked asked = fetched.asked();
        Stored found = fetched.found();
        Fields sent = exchange.request().fields();
        if (found != null && Validation.isConfirmed(found, head.status())) {
            Stored fresh = parts.intake().confirm(fetched, found, sent, head);
            land(Flights.Flight::landShared);
            Fields own = new Fields();
            head.fields().values(FieldName.SET_COOKIE).forEach(cookie -> own.add(FieldName.SET_COOKIE, cookie));
            answered = true;
            parts.figures().count(Figures.Fate.REVALIDATED);
            parts.replies().send(exchange, asked, fresh, own, status + "; fwd-status=304");
            return true;
        }
        if (found != null && asked.acceptsInstead(found, head.status(), now, parts.staleIfError())) {
            answer(exchange, asked, found, Figures.Fate.STALE, Replies.hit(found, now) + "; detail=error");
            return true;
        }
        parts.figures().count(Figures.Fate.MISS);
        if (asked.isHead()) {
            parts.intake().learnHead(fetched, sent, head);
        } else {
            keep(fetched.pair(sent, head, now), fetched, end);
        }
        return false;
    }

    /** Keeps a response, or begins to. */
    private void keep(Storing.Pair pair, Fetch fetched, boolean end) {
        Optional<Stored> draft = parts.intake().draft(fetched, pair, end);
        if (draft.isEmpty()) {
            land(pair.response().status() < 500 ? Flights.Flight::landUnshared : Flights.Flight::land);
            return;
        }
        status += "; stored";
        if (end) {
            parts.intake().put(fetched, draft.get());
            land(Flights.Flight::landShared);
        } else {
            filling = parts.intake().fill(draft.get());
        }
    }

    @Override
    public Verdict onResponseData(FilterExchange exchange, BodyPart data, boolean end) {
        Filling present = filling;
        if (present == null) {
            return Verdict.CONTINUE;
        }
        if (!present.add(data.content())) {
            filling = null;
            parts.figures().unstored();
            land(Flights.Flight::landUnshared);
        } else if (end) {
            finish(present);
        }
        return Verdict.CONTINUE;
    }

    /** Trailers end the body, and are not kept (RFC 9111 §3.1). */
    @Override
    public Verdict onResponseTrailers(FilterExchange exchange, Fields trailers) {
        if (filling != null) {
            finish(filling);
        }
        return Verdict.CONTINUE;
    }

    private void finish(Filling whole) {
        filling = null;
        Fetch fetched = fetch;
        if (fetched != null) {
            parts.intake().put(fetched, whole.finish());
        }
        land(Flights.Flight::landShared);
    }

    @Override
    public void onEnd(FilterExchange exchange) {
        if (wait != null) {
            wait.end();
        }
        if (filling != null) { // the response was cut: nobody may take it for whole
            filling.drop();
            filling = null;
            parts.figures().unstored();
        }
        land(Flights.Flight::land);
    }

    /** Lets go of those who wait for this exchange. */
    private void land(Consumer<Flights.Flight> how) {
        Flights.Flight mine = flight;
        flight = null;
        if (mine != null) {
            how.accept(mine);
        }
    }
}
