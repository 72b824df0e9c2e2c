package io.lb4j.discovery;

import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a registry that tells of single changes holds at present, told to core as whole states: not for each change, but for all that come
 * within a few milliseconds, so that ten thousand entries of which a thousand change every second cost little. Thread-safe; for one watch.
 */
public final class EndpointTable {
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final DiscoveryContext context;
    private final Discovery.Listener listener;
    private final Object telling = new Object(); // one thread at a time tells; taken before this
    private final Map<String, Entries> entries = new LinkedHashMap<>(); // guarded by this
    private boolean isScheduled; // guarded by this

    /** Creates an empty table, which says nothing yet. */
    public EndpointTable(DiscoveryContext context, Discovery.Listener listener) {
        this.context = context;
        this.listener = listener;
    }

    /** Puts a whole state in place of what there was, and tells of it before this returns. */
    public void replace(Map<String, Entries> state) {
        synchronized (this) {
            entries.clear();
            entries.putAll(state);
        }
        tell();
    }

    /** Puts what is under a key in place of what was there, and tells of it soon. */
    public synchronized void put(String key, Entries value) {
        if (!value.equals(entries.put(key, value))) {
            schedule();
        }
    }

    /** Takes away what is under a key, and tells of it soon. */
    public synchronized void remove(String key) {
        if (entries.remove(key) != null) {
            schedule();
        }
    }

    private void schedule() {
        if (!isScheduled) {
            isScheduled = true;
            context.schedule(PAUSE, this::tell);
        }
    }

    private void tell() {
        synchronized (telling) {
            Entries all;
            synchronized (this) {
                isScheduled = false;
                all = Entries.join(entries.values());
            }
            listener.onEndpoints(all.endpoints(), all.leftOut());
        }
    }
}
