package io.lb4j.testkit.http2;

import io.lb4j.testkit.net.Changes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** How much the peer lets this end send (RFC 9113 §5.2). Thread-safe. */
final class SendWindows {
    static final int DEFAULT = 65_535;

    private final Changes changes;
    private final Map<Integer, Integer> streams = new HashMap<>(); // guarded by this
    private int connection = DEFAULT; // guarded by this
    private int initial = DEFAULT; // guarded by this
    private int frameBytes = 16_384; // guarded by this

    SendWindows(Changes changes) {
        this.changes = changes;
    }

    /** Takes leave to send, waiting for it; 0 if the wait ended without. */
    int take(int stream, int wanted, Duration patience, BooleanSupplier hopeless) {
        AtomicInteger taken = new AtomicInteger();
        changes.within(patience, () -> {
            taken.set(tryTake(stream, wanted));
            return taken.get() > 0 || hopeless.getAsBoolean();
        });
        return taken.get();
    }

    synchronized void opened(int stream, int increment) {
        if (stream == 0) {
            connection += increment;
            return;
        }
        streams.put(stream, streams.getOrDefault(stream, initial) + increment);
    }

    synchronized void initial(int value) {
        // RFC 9113 §6.9.2: a change applies to all streams, and may make windows negative.
        int difference = value - initial;
        streams.replaceAll((stream, window) -> window + difference);
        initial = value;
    }

    synchronized void frameBytes(int value) {
        frameBytes = value;
    }

    synchronized void forget(int stream) {
        streams.remove(stream);
    }

    private synchronized int tryTake(int stream, int wanted) {
        int window = streams.getOrDefault(stream, initial);
        int taken = Math.max(0, Math.min(Math.min(wanted, frameBytes), Math.min(window, connection)));
        streams.put(stream, window - taken);
        connection -= taken;
        return taken;
    }
}
