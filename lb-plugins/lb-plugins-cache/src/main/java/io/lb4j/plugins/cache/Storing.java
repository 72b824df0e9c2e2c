package io.lb4j.plugins.cache;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Which responses may be kept, and how long they are fresh (RFC 9111 §3, §4.2). Immutable. */
final class Storing {
    /** RFC 9110 §15.1: cacheable without being told so; but not 206, for what is kept is whole. */
    private static final Set<Integer> CACHEABLE = Set.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501);
    /** Whose meaning for caches is known (RFC 9111 §5.2.2.3). */
    private static final Set<Integer> UNDERSTOOD = Set.of(
            200, 203, 204, 300, 301, 302, 303, 307, 308, 400, 403, 404, 405, 410, 414, 421, 451, 500, 501, 502, 503,
            504);

    private static final List<FieldName> NEVER_KEPT = List.of(
            Names.AGE,
            Names.CACHE_STATUS,
            FieldName.TRAILER,
            FieldName.PROXY_AUTHENTICATE,
            FieldName.PROXY_AUTHORIZATION,
            FieldName.of("proxy-authentication-info"));
    private static final int PARTIAL = 206;
    private static final int NOT_MODIFIED = 304;
    private static final int TENTH = 10;

    private final List<FieldName> targeted;
    private final long heuristicSeconds;
    private final CacheTime time;

    /**
     * Creates the rules.
     *
     * @param targeted fields that go before Cache-Control, the first one there counts
     * @param heuristicMax how long a response may be fresh that does not say so
     */
    Storing(List<String> targeted, Duration heuristicMax, CacheTime time) {
        this.targeted = targeted.stream().map(FieldName::of).toList();
        this.heuristicSeconds = heuristicMax.toSeconds();
        this.time = time;
    }

    /** A request and its response. */
    record Pair(Asked asked, Fields request, Fields sent, ResponseHead response, long delayNanos) {}

    /** Returns what is to be kept of a response, yet without its body; empty if it must not be kept, or that would be of no use. */
    Optional<Stored> judge(Pair pair, Resource resource) {
        ResponseHead head = pair.response();
        Fields fields = head.fields();
        int status = head.status();
        if (status < 200 || status == PARTIAL || status == NOT_MODIFIED) {
            return Optional.empty();
        }
        Optional<Directives> target = targetedControl(fields);
        Directives control = target.orElseGet(() -> Directives.parse(fields.values(FieldName.CACHE_CONTROL)));
        if (forbids(control, status) || !suitsOthers(pair.asked(), fields, control)) {
            return Optional.empty();
        }
        OptionalLong explicit = explicitSeconds(control, fields, target.isPresent());
        boolean mayGuess = control.has(Directives.PUBLIC) || CACHEABLE.contains(status);
        if (explicit.isEmpty() && !mayGuess) {
            return Optional.empty();
        }
        long lifetime = explicit.isPresent() ? explicit.getAsLong() : heuristicSeconds(fields);
        boolean isUseful = (lifetime > 0 && !control.hasForAll(Directives.NO_CACHE))
                || fields.contains(FieldName.ETAG)
                || fields.contains(Names.LAST_MODIFIED);
        if (!isUseful) {
            return Optional.empty();
        }
        long now = time.nanos();
        Freshness freshness =
                new Freshness(TimeUnit.SECONDS.toNanos(lifetime), initialAgeNanos(fields, pair.delayNanos()), now);
        return Selection.of(pair.request(), pair.sent(), fields)
                .map(selection -> new Stored(
                        status, kept(fields, control), freshness, new Stored.Use(control, selection, resource)));
    }

    private Optional<Directives> targetedControl(Fields fields) {
        for (FieldName name : targeted) {
            Optional<Directives> control = TargetedField.parse(fields.values(name));
            if (control.isPresent()) {
                return control;
            }
        }
        return Optional.empty();
    }

    private static boolean forbids(Directives control, int status) {
        boolean isUnderstood = UNDERSTOOD.contains(status);
        if (control.has(Directives.MUST_UNDERSTAND)) {
            return !isUnderstood || control.hasForAll(Directives.PRIVATE);
        }
        return control.has(Directives.NO_STORE) || control.hasForAll(Directives.PRIVATE);
    }

    /** Returns whether what one client was given may be given to others. */
    private static boolean suitsOthers(Asked asked, Fields fields, Directives control) {
        if (fields.contains(FieldName.SET_COOKIE) && !control.has(Directives.PUBLIC)) {
            return false;
        }
        return !asked.isPersonal() // RFC 9111 §3.5
                || control.has(Directives.PUBLIC)
                || control.has(Directives.MUST_REVALIDATE)
                || control.has(Directives.S_MAXAGE);
    }

    /** Returns for how long a response says that it is fresh (RFC 9111 §4.2.1). */
    private OptionalLong explicitSeconds(Directives control, Fields fields, boolean isTargeted) {
        if (control.has(Directives.S_MAXAGE)) {
            return control.seconds(Directives.S_MAXAGE);
        }
        if (control.has(Directives.MAX_AGE)) {
            return control.seconds(Directives.MAX_AGE);
        }
        Optional<String> expires = fields.value(Names.EXPIRES);
        if (isTargeted || expires.isEmpty()) { // RFC 9213 §2.1: then Expires says nothing
            return OptionalLong.empty();
        }
        long now = time.epochSeconds();
        long until = HttpDate.parse(expires.get(), now).orElse(Long.MIN_VALUE); // what is no date is in the past
        long from = date(fields, now);
        return OptionalLong.of(until <= from ? 0 : Math.min(until - from, Directives.MOST_SECONDS));
    }

    /** Returns a tenth of the time that has gone by since the last change (RFC 9111 §4.2.2). */
    private long heuristicSeconds(Fields fields) {
        long now = time.epochSeconds();
        long date = date(fields, now);
        long modified = fields.value(Names.LAST_MODIFIED)
                .flatMap(text -> HttpDate.parse(text, now))
                .orElse(date);
        return Math.max(0, Math.min((date - modified) / TENTH, heuristicSeconds));
    }

    private static long date(Fields fields, long nowSeconds) {
        return fields.value(FieldName.DATE)
                .flatMap(text -> HttpDate.parse(text, nowSeconds))
                .orElse(nowSeconds);
    }

    /** RFC 9111 §4.2.3. */
    private long initialAgeNanos(Fields fields, long delayNanos) {
        long now = time.epochSeconds();
        long apparent = Math.max(0, now - date(fields, now));
        long told = fields.value(Names.AGE).map(Storing::firstMember).orElse(0L);
        return Math.max(
                TimeUnit.SECONDS.toNanos(Math.min(apparent, Directives.MOST_SECONDS)),
                TimeUnit.SECONDS.toNanos(told) + delayNanos);
    }

    /** RFC 9111 §5.1: of a list the first member counts, and what is no number does not. */
    private static long firstMember(String age) {
        int comma = age.indexOf(',');
        return Math.max(0, Directives.number((comma < 0 ? age : age.substring(0, comma)).strip()));
    }

    private Fields kept(Fields fields, Directives control) {
        Fields kept = fields.copy();
        NEVER_KEPT.forEach(kept::remove);
        // RFC 9111 §5.2.2.4, §5.2.2.7: what is said of some fields only keeps those away.
        control.fieldsOf(Directives.NO_CACHE).forEach(kept::remove);
        control.fieldsOf(Directives.PRIVATE).forEach(kept::remove);
        if (!kept.contains(FieldName.DATE)) {
            kept.add(FieldName.DATE, HttpDate.format(time.epochSeconds())); // RFC 9110 §6.6.1
        }
        return kept;
    }
}
