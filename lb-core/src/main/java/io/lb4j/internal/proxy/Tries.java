package io.lb4j.internal.proxy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.ResetCode;
import io.lb4j.internal.loop.LoopTimer;
import io.lb4j.internal.snapshot.ClusterEntry;
import io.lb4j.internal.snapshot.EndpointPicker;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.FinishedExchange;
import io.lb4j.internal.snapshot.Outcome;
import io.lb4j.internal.snapshot.RetryRules;
import io.lb4j.internal.snapshot.TriedEndpoints;
import io.lb4j.spi.ClientStream;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The tries of one exchange: which endpoint, how often, how soon, and whether at all. Confined to the exchange's event loop. */
final class Tries {
    private static final int MAX_SENT_BACK = 5;

    private final LoopRuntime runtime;
    private @Nullable ClusterEntry cluster;
    private @Nullable EndpointPicker picker;
    private @Nullable RetryRules rules;
    private @Nullable Attempt current;
    private LoopTimer.@Nullable Timeout backOff;
    private @Nullable TriedEndpoints tried; // once one has failed
    private @Nullable EndpointState lastTried;
    private int count;
    private int sentBack; // tries that do not count

    Tries(LoopRuntime runtime) {
        this.runtime = runtime;
    }

    void start(ProxyExchange exchange, ClusterEntry chosen, EndpointPicker among, RetryRules retryRules) {
        cluster = chosen;
        picker = among;
        rules = retryRules;
        retryRules.budget().onRequest();
        next(exchange, chosen);
    }

    private void next(ProxyExchange exchange, ClusterEntry chosen) {
        EndpointState endpoint = picker == null ? null : picker.pick(exchange, tried);
        if (endpoint == null) {
            exchange.fail(
                    new ProxyException(Kind.NO_ENDPOINT, "cluster: " + chosen.name() + " has no endpoint to use"));
            return;
        }
        count++;
        exchange.balanced();
        endpoint.traffic().began(runtime.loop().index());
        Attempt attempt = new Attempt(
                exchange,
                endpoint,
                exchange.conductor.poolsFor(chosen.upstream()),
                exchange.conductor.upstreamOf(chosen.upstream()));
        current = attempt;
        attempt.begin();
    }

    /** Tries again after a failure, now or later; returns false where that must not be. */
    boolean retryAfter(ProxyExchange exchange, ProxyException failure) {
        Attempt failed = current;
        ClusterEntry chosen = cluster;
        RetryRules allowed = rules;
        if (failed == null || chosen == null || allowed == null || !mayRetry(exchange, failure, allowed)) {
            return false;
        }
        book(failed, failure.kind());
        again(exchange, chosen, failure.isUnprocessed() ? 0 : backOffNanos(allowed));
        return true;
    }

    /** Tries again after a response whose status asks for it; returns false where that must not be. */
    boolean retryAfter(ProxyExchange exchange, Attempt attempt, int status) {
        ClusterEntry chosen = cluster;
        RetryRules allowed = rules;
        if (chosen == null
                || allowed == null
                || !allowed.statuses().test(status)
                || count - sentBack > allowed.retries()
                || !exchange.request().method().isIdempotent()
                || !exchange.requestLeg.rewind()
                || !allowed.budget().tryRetry()) {
            return false;
        }
        attempt.abandon(ResetCode.CANCEL, Outcome.FAILURE_STATUS);
        book(attempt, Kind.UPSTREAM_REFUSED);
        again(exchange, chosen, backOffNanos(allowed));
        return true;
    }

    private boolean mayRetry(ProxyExchange exchange, ProxyException failure, RetryRules allowed) {
        if (isSpent(failure, allowed) || !allowed.kinds().contains(failure.kind()) || !exchange.requestLeg.rewind()) {
            return false;
        }
        // Where nothing was processed no endpoint has had the work: the budget, which protects endpoints, is not asked.
        return failure.isUnprocessed()
                || (exchange.request().method().isIdempotent()
                        && allowed.budget().tryRetry());
    }

    /**
     * Returns whether no try is left. One that an endpoint of HTTP/2 has sent back unread does not count at first: it ends a connection
     * after so many requests, say, and those that came too late for one may be too late for the next.
     */
    private boolean isSpent(ProxyException failure, RetryRules allowed) {
        boolean isFree = failure.kind() == Kind.UPSTREAM_REFUSED
                && failure.isUnprocessed()
                && allowed.retries() > 0
                && sentBack < MAX_SENT_BACK;
        if (isFree) {
            sentBack++;
        }
        return count - sentBack > allowed.retries();
    }

    private long backOffNanos(RetryRules allowed) {
        long bound = Math.min(allowed.backOff().maxNanos(), allowed.backOff().baseNanos() << Math.min(count - 1, 20));
        double share =
                1 - allowed.backOff().jitter() * ThreadLocalRandom.current().nextDouble();
        return (long) (bound * share);
    }

    private void book(Attempt failed, Kind reason) {
        failed.endpoint().traffic().triedInVain(runtime.loop().index(), reason);
        if (tried == null) {
            tried = new TriedEndpoints();
        }
        tried.add(failed.endpoint());
        lastTried = failed.endpoint();
        current = null;
    }

    private void again(ProxyExchange exchange, ClusterEntry chosen, long delayNanos) {
        if (delayNanos == 0) {
            next(exchange, chosen);
            return;
        }
        LoopTimer.Timeout wait = new LoopTimer.Timeout() {
            @Override
            protected void expire() {
                next(exchange, chosen);
            }
        };
        backOff = wait;
        runtime.loop().timer().set(wait, delayNanos);
    }

    /** Books a response that has ended, by its status. */
    void settle(ProxyExchange exchange, int status) {
        Attempt attempt = current;
        if (attempt == null) {
            return; // answered from here
        }
        Outcome outcome = outcomeOf(status);
        if (exchange.requestLeg.isPassed()) {
            attempt.complete(outcome);
        } else {
            attempt.abandon(ResetCode.CANCEL, outcome); // answered early: the rest of the request is not wanted
        }
    }

    /** Returns what a response says of its endpoint, even if another answer takes its place. */
    static Outcome outcomeOf(int status) {
        boolean failed = status == 502 || status == 503 || status == 504;
        return failed ? Outcome.FAILURE_STATUS : Outcome.SUCCESS;
    }

    void complete(Outcome outcome) {
        if (current != null) {
            current.complete(outcome);
        }
    }

    /** Enters an exchange that has ended in the books of the endpoint that was tried last. */
    void book(int loop, FinishedExchange finished) {
        if (current != null) {
            current.endpoint().traffic().ended(loop, finished);
        }
    }

    /** Gives up whatever is under way, which is not wanted any more. */
    void abandon(Outcome outcome) {
        abandon(ResetCode.CANCEL, outcome);
    }

    /** Gives up whatever is under way; the endpoint is told the code. */
    void abandon(ResetCode code, Outcome outcome) {
        if (backOff != null) {
            runtime.loop().timer().cancel(backOff);
        }
        if (current != null) {
            current.abandon(code, outcome);
        }
    }

    /** Returns the way to the endpoint of the present try, or null as long as there is none. */
    @Nullable ClientStream stream() {
        return current == null ? null : current.stream();
    }

    Optional<EndpointState> endpoint() {
        if (current != null) {
            return Optional.of(current.endpoint());
        }
        return Optional.ofNullable(lastTried);
    }

    long startNanos(long otherwise) {
        return current == null ? otherwise : current.startNanos();
    }

    int count() {
        return count;
    }
}
