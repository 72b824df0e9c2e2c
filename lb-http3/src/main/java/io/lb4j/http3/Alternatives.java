package io.lb4j.http3;

import io.lb4j.model.Endpoint;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What endpoints have said in {@code Alt-Svc} of HTTP/3 on the same host (RFC 7838 §3); another host's word would have to be proven. What is said
 * anew takes the place of what was said before. Thread-safe.
 */
final class Alternatives {
    private static final Pattern HTTP3 = Pattern.compile("(?:^|,)\\s*h3=\":(\\d{1,5})\"([^,]*)");
    private static final Pattern MAX_AGE = Pattern.compile(";\\s*ma=(\\d{1,9})");
    private static final Duration DEFAULT_AGE = Duration.ofHours(24);
    private static final int MOST_ENDPOINTS = 10_000;

    private final Map<String, Alternative> byEndpoint = new ConcurrentHashMap<>();
    private final LongSupplier clockNanos;

    private record Alternative(int port, long untilNanos) {}

    Alternatives(LongSupplier clockNanos) {
        this.clockNanos = clockNanos;
    }

    /** Takes what an endpoint has said. */
    void learn(Endpoint endpoint, String value) {
        Matcher found = HTTP3.matcher(value);
        if (!found.find()) {
            byEndpoint.remove(endpoint.address()); // "clear", or other protocols alone
            return;
        }
        int port = Integer.parseInt(found.group(1));
        Matcher age = MAX_AGE.matcher(found.group(2));
        Duration lasts = age.find() ? Duration.ofSeconds(Long.parseLong(age.group(1))) : DEFAULT_AGE;
        boolean isKept = port > 0 && port < 65_536 && byEndpoint.size() < MOST_ENDPOINTS;
        if (isKept) {
            byEndpoint.put(endpoint.address(), new Alternative(port, clockNanos.getAsLong() + lasts.toNanos()));
        }
    }

    /** Returns the port of an endpoint's HTTP/3; empty if it has not spoken of it, or that was too long ago. */
    OptionalInt port(Endpoint endpoint) {
        Alternative known = byEndpoint.get(endpoint.address());
        if (known == null) {
            return OptionalInt.empty();
        }
        if (clockNanos.getAsLong() - known.untilNanos() > 0) {
            byEndpoint.remove(endpoint.address(), known);
            return OptionalInt.empty();
        }
        return OptionalInt.of(known.port());
    }
}
