package io.lb4j.internal.control;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lb4j.http.FieldName;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.internal.balance.RetryBudget;
import io.lb4j.internal.filter.FilterChain;
import io.lb4j.internal.observe.TrafficCounters;
import io.lb4j.internal.snapshot.RetryRules;
import io.lb4j.internal.snapshot.RouteAction;
import io.lb4j.internal.snapshot.RouteEntry;
import io.lb4j.internal.snapshot.RouteMatcher;
import io.lb4j.internal.snapshot.RouteTimes;
import io.lb4j.spi.ChallengeResponder;
import io.netty.buffer.Unpooled;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers a certificate authority that validates a name over HTTP (HTTP-01, RFC 8555 §8.3), before any route and without filters. Only tokens
 * that are known are answered; every other request goes on to the routes. Thread-safe.
 */
final class ChallengeRoute {
    private static final String NAME = "acme-challenge";
    private static final String PREFIX = "/.well-known/acme-challenge/";
    private static final int MAX_TOKEN = 256;

    /** Matches nothing. */
    static final ChallengeRoute NONE = new ChallengeRoute(null, 1, () -> 0);

    private final @Nullable ChallengeResponder responder;
    private final TrafficCounters traffic;
    private final RetryRules never;

    private ChallengeRoute(@Nullable ChallengeResponder responder, int loops, LongSupplier clock) {
        this.responder = responder;
        traffic = new TrafficCounters(loops);
        RetryBudget budget = new RetryBudget(RetryBudget.Allowance.DEFAULT, clock);
        never = new RetryRules(0, Set.of(), status -> false, new RetryRules.BackOff(0, 0, 0), budget, 0);
    }

    /** Returns the route for configurations whose certificates take care of themselves. */
    static ChallengeRoute of(ControlContext context) {
        return new ChallengeRoute(context.edge().challenges(), context.loops().size(), context.clock());
    }

    /** Puts this route before others. */
    RouteMatcher before(RouteMatcher routes) {
        if (responder == null) {
            return routes;
        }
        ChallengeResponder asked = responder;
        return head -> {
            if (head.target().startsWith(PREFIX) && head.method().equals(Method.GET)) {
                Optional<String> answer = answer(asked, head);
                if (answer.isPresent()) {
                    return entry(answer.get());
                }
            }
            return routes.match(head);
        };
    }

    private static Optional<String> answer(ChallengeResponder asked, RequestHead head) {
        String token = head.target().substring(PREFIX.length());
        return isToken(token) ? asked.httpChallenge(hostOf(head.authority()), token) : Optional.empty();
    }

    /** RFC 8555 §8.3: of the base64url alphabet. */
    private static boolean isToken(String token) {
        return !token.isEmpty()
                && token.length() <= MAX_TOKEN
                && token.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || c == '-'
                                || c == '_');
    }

    private static String hostOf(String authority) {
        int port = authority.lastIndexOf(':');
        boolean hasPort = port > authority.lastIndexOf(']');
        return (hasPort ? authority.substring(0, port) : authority).toLowerCase(Locale.ROOT);
    }

    private RouteEntry entry(String body) {
        RouteAction answer = new RouteAction.Answer((request, response) -> {
            byte[] octets = body.getBytes(US_ASCII);
            response.status(200)
                    .fields()
                    .add(FieldName.CONTENT_TYPE, "application/octet-stream")
                    .add(FieldName.CONTENT_LENGTH, Integer.toString(octets.length));
            return Unpooled.wrappedBuffer(octets);
        });
        return new RouteEntry(NAME, answer, RouteTimes.NONE, never, FilterChain.EMPTY, traffic);
    }
}
