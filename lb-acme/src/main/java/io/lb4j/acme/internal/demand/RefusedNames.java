package io.lb4j.acme.internal.demand;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The names that were refused a moment ago: clients come again and again, and whoever decides is not asked each time. Thread-safe. */
final class RefusedNames {
    private static final Duration REMEMBERED = Duration.ofSeconds(10);
    private static final int MOST = 1_000;

    private final Map<String, Instant> refused = new LinkedHashMap<>(); // guarded by this; the oldest first

    synchronized boolean isKnown(String name, Instant now) {
        Instant since = refused.get(name);
        return since != null && !now.isBefore(since) && now.isBefore(since.plus(REMEMBERED));
    }

    synchronized void remember(String name, Instant now) {
        refused.remove(name);
        refused.put(name, now);
        if (refused.size() > MOST) {
            refused.remove(refused.keySet().iterator().next());
        }
    }
}
