package io.lb4j.internal.control;

import io.lb4j.config.Limit;
import io.lb4j.error.Kind;
import io.lb4j.internal.balance.RetryBudget;
import io.lb4j.internal.snapshot.Filters;
import io.lb4j.internal.snapshot.ForwardingRules;
import io.lb4j.internal.snapshot.ListenerRules;
import io.lb4j.internal.snapshot.RetryRules;
import io.lb4j.internal.snapshot.RouteEntry;
import io.lb4j.internal.snapshot.RouteTimes;
import io.lb4j.internal.snapshot.Traffic;
import io.lb4j.model.Forwarding;
import io.lb4j.model.Listener;
import io.lb4j.model.RetryOn;
import io.lb4j.model.RetryPolicy;
import io.lb4j.model.Route;
import io.lb4j.model.RouteTimeouts;
import io.lb4j.model.StatusRange;
import java.time.Duration;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** Says in the data path's own terms what a configuration says of routes and listeners. */
record RouteMapping(RetryBudgets.Change budgets) {
    /** Returns a route as its exchanges see it. */
    RouteEntry route(Route route, Filters filters, Traffic books) {
        return new RouteEntry(
                route.name(), RouteActions.of(route), times(route.timeouts()), retries(route), filters, books);
    }

    /** Returns what a listener's exchanges go by. */
    static ListenerRules rules(Listener listener, Filters filters, Traffic books) {
        return new ListenerRules(
                filters, forwarding(listener), listener.limits().body().orElse(Long.MAX_VALUE), books);
    }

    private static RouteTimes times(RouteTimeouts timeouts) {
        long perTry = nanos(timeouts.perTry());
        long idle = nanos(timeouts.idle());
        return new RouteTimes(
                new RouteTimes.Times(nanos(timeouts.firstByte()), perTry, nanos(timeouts.exchange()), idle),
                new RouteTimes.Times(
                        nanos(timeouts.streamingFirstByte()), perTry, nanos(timeouts.streamingExchange()), idle));
    }

    private static long nanos(Limit<Duration> time) {
        return time.map(Duration::toNanos).orElse(RouteTimes.UNLIMITED);
    }

    private RetryRules retries(Route route) {
        RetryPolicy policy = route.retry();
        RetryBudget.Allowance allowance = new RetryBudget.Allowance(
                policy.budget(), policy.budgetMinPerSecond(), RetryBudget.Allowance.DEFAULT.window());
        return new RetryRules(
                policy.count(),
                kinds(policy.on()),
                statuses(policy.statuses()),
                new RetryRules.BackOff(
                        policy.backoffBase().toNanos(), policy.backoffMax().toNanos(), policy.jitter()),
                budgets.of(route.name(), allowance),
                policy.maxBody());
    }

    /** Returns a table of the statuses in these ranges: it is asked for every response. */
    private static IntPredicate statuses(List<StatusRange> ranges) {
        BitSet chosen = new BitSet();
        ranges.forEach(range -> chosen.set(range.first(), range.last() + 1));
        return chosen::get;
    }

    private static Set<Kind> kinds(Set<RetryOn> chosen) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (RetryOn reason : chosen) {
            switch (reason) {
                case CONNECT_FAILURE -> {
                    kinds.add(Kind.CONNECT_FAILED);
                    kinds.add(Kind.CONNECT_TIMEOUT);
                    kinds.add(Kind.TLS_FAILED);
                    kinds.add(Kind.RESOLVE_FAILED);
                    kinds.add(Kind.DRAINED);
                }
                case REFUSED -> kinds.add(Kind.UPSTREAM_REFUSED);
                case RESET -> {
                    kinds.add(Kind.UPSTREAM_CLOSED);
                    kinds.add(Kind.UPSTREAM_RESET);
                    // Within the response's head: of a response that has begun nothing is tried again.
                    kinds.add(Kind.UPSTREAM_TRUNCATED);
                }
                case TIMEOUT -> {
                    kinds.add(Kind.FIRST_BYTE_TIMEOUT);
                    kinds.add(Kind.TRY_TIMEOUT);
                }
            }
        }
        return kinds;
    }

    private static ForwardingRules forwarding(Listener listener) {
        Forwarding asked = listener.forwarding();
        return new ForwardingRules(
                asked.sendsXForwarded(),
                asked.sendsForwarded(),
                asked.via(),
                asked::isTrusted,
                listener.sendsReason(),
                listener.serverHeader(),
                asked.clientCertificate());
    }
}
