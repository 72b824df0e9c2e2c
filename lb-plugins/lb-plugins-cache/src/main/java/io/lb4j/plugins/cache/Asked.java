package io.lb4j.plugins.cache;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.plugins.kit.Identity;
import io.lb4j.spi.FilterExchange;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for. Immutable.
 *
 * @param uri of what
 * @param key by which responses are kept
 * @param isHead whether it wants the head alone
 * @param isPersonal whether it says who it is, or somebody else has found out
 * @param control what it says of the use of what is kept
 * @param conditions under which conditions it wants a response
 */
record Asked(String uri, String key, boolean isHead, boolean isPersonal, Directives control, Conditions conditions) {
    private static final Set<Integer> FAILURES = Set.of(500, 502, 503, 504);

    static Asked of(FilterExchange exchange, RequestHead head, CacheKeys keys, Directives control) {
        String uri = CacheKeys.uri(head);
        return new Asked(
                uri,
                keys.of(exchange, head.fields(), uri),
                head.method() == Method.HEAD,
                isPersonal(exchange, head.fields()),
                control,
                Conditions.of(head.fields()));
    }

    /**
     * Whoever is let in by a credential of any kind is told apart from others by endpoints: plugins that check credentials take them away and
     * tell the endpoint of an identity instead.
     */
    private static boolean isPersonal(FilterExchange exchange, Fields request) {
        return request.contains(FieldName.AUTHORIZATION)
                || exchange.attribute(Identity.KEY).isPresent()
                || exchange.connection()
                        .tls()
                        .filter(tls -> !tls.peerCertificates().isEmpty())
                        .isPresent();
    }

    /** Returns whether what is fresh has to be validated all the same. */
    boolean wantsValidation() {
        return control.has(Directives.NO_CACHE);
    }

    /** Returns whether a response may be used without asking the endpoint (RFC 9111 §4, §5.2.1). */
    boolean isSatisfiedBy(Stored stored, long nowNanos) {
        if (wantsValidation() || stored.isAlwaysValidated()) {
            return false;
        }
        Freshness freshness = stored.freshness();
        long left = Freshness.seconds(freshness.leftNanos(nowNanos));
        // RFC 8246 §2: what is immutable does not change while it is fresh, whatever age a reload would accept.
        boolean isYoung = stored.control().has(Directives.IMMUTABLE) || isYoungEnough(freshness, nowNanos);
        return freshness.isFresh(nowNanos)
                && isYoung
                && left >= control.seconds(Directives.MIN_FRESH).orElse(0);
    }

    /** Returns whether the client takes a response that is stale, and the response lets it (RFC 9111 §4.2.4). */
    boolean acceptsStale(Stored stored, long nowNanos) {
        if (!control.has(Directives.MAX_STALE) || wantsValidation() || !stored.mayBeStale(Directives.MAX_STALE)) {
            return false;
        }
        Freshness freshness = stored.freshness();
        boolean anyAge = control.hasForAll(Directives.MAX_STALE);
        long staleSeconds = Freshness.seconds(-freshness.leftNanos(nowNanos));
        return isYoungEnough(freshness, nowNanos)
                && (anyAge
                        || staleSeconds <= control.seconds(Directives.MAX_STALE).orElse(0));
    }

    /** Returns whether a response is used while it is brought up to date (RFC 5861 §3). */
    boolean acceptsMeanwhile(Stored stored, long nowNanos, Duration otherwise) {
        String permission = Directives.STALE_WHILE_REVALIDATE;
        // Whoever says who it is asks for itself: what it would bring may not be for others.
        if (isPersonal || wantsValidation() || control.has(Directives.MAX_AGE) || !stored.mayBeStale(permission)) {
            return false;
        }
        return isStaleFor(stored, nowNanos, stored.control().seconds(permission).orElse(otherwise.toSeconds()));
    }

    /** Returns whether a response stands in for an endpoint that has failed with this status (RFC 5861 §4). */
    boolean acceptsInstead(Stored stored, int status, long nowNanos, Duration otherwise) {
        String permission = Directives.STALE_IF_ERROR;
        if (!FAILURES.contains(status) || !stored.mayBeStale(permission)) {
            return false;
        }
        long told = stored.control().seconds(permission).orElse(otherwise.toSeconds());
        return isStaleFor(
                stored, nowNanos, Math.max(told, control.seconds(permission).orElse(0)));
    }

    private static boolean isStaleFor(Stored stored, long nowNanos, long seconds) {
        return seconds > 0 && -stored.freshness().leftNanos(nowNanos) <= TimeUnit.SECONDS.toNanos(seconds);
    }

    /** Returns whether it may be answered with what another request brings. */
    boolean mayWait() {
        return !isPersonal && !wantsValidation();
    }

    /** Returns whether others may wait for what it brings: the whole response, and not only word that it has not changed. */
    boolean mayLead(@Nullable Stored found) {
        boolean bringsWhole = !conditions.any() || (found != null && found.hasValidator());
        return !isHead && bringsWhole && conditions.range().isEmpty();
    }

    /** Returns why an endpoint is asked (RFC 9211 §2.2). */
    String reason(@Nullable Stored found, long nowNanos) {
        if (found == null) {
            return "miss";
        }
        boolean isUsable = found.freshness().isFresh(nowNanos) && !found.isAlwaysValidated();
        return isUsable || wantsValidation() ? "request" : "stale";
    }

    private boolean isYoungEnough(Freshness freshness, long nowNanos) {
        return Freshness.seconds(freshness.ageNanos(nowNanos))
                <= control.seconds(Directives.MAX_AGE).orElse(Long.MAX_VALUE);
    }
}
