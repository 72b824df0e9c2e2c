package io.lb4j.testkit.http2;

import io.lb4j.testkit.http.BodyCapture;
import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.net.Changes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** What has been received on one stream. Thread-safe; the changes are those of the connection. */
final class StreamRecord {
    private static final int KEPT_BODY_BYTES = 4 << 20;
    private static final int LATE_BODY_BYTES = 1_024;
    private static final int LATE = 2_000;

    private final int id;
    private final Changes changes;
    private final BodyCapture capture;
    private final List<Fields> sections = new ArrayList<>(); // guarded by this
    private final Queue<byte[]> pulled = new ArrayDeque<>(); // guarded by this
    private Optional<H2Error> reset = Optional.empty(); // guarded by this
    private boolean pulling; // guarded by this
    private boolean ended; // guarded by this
    private boolean cut; // guarded by this
    private long window; // guarded by this

    StreamRecord(int id, int window, Changes changes) {
        this.id = id;
        this.window = window;
        this.capture = new BodyCapture(id < LATE ? KEPT_BODY_BYTES : LATE_BODY_BYTES);
        this.changes = changes;
    }

    int id() {
        return id;
    }

    BodyCapture capture() {
        return capture;
    }

    /** From now on body bytes wait for {@link #pull}, and the window stays closed until then. */
    synchronized void pulling() {
        pulling = true;
    }

    synchronized boolean isPulling() {
        return pulling;
    }

    synchronized List<Fields> sections() {
        return List.copyOf(sections);
    }

    synchronized boolean isEnded() {
        return ended;
    }

    /** Whether nothing more can come. */
    synchronized boolean isOver() {
        return ended || cut || reset.isPresent();
    }

    synchronized Optional<H2Error> reset() {
        return reset;
    }

    synchronized void section(Fields fields) {
        sections.add(fields);
    }

    /** Takes body bytes; false if they go beyond the window. */
    boolean data(byte[] bytes, int flowControlled) {
        capture.write(bytes, 0, bytes.length);
        synchronized (this) {
            if (pulling && bytes.length > 0) {
                pulled.add(bytes);
            }
            window -= flowControlled;
            return window >= 0;
        }
    }

    synchronized void opened(int increment) {
        window += increment;
    }

    synchronized void end() {
        ended = true;
    }

    synchronized void reset(H2Error error) {
        reset = Optional.of(error);
    }

    /** The connection has ended. */
    synchronized void cut() {
        cut = true;
    }

    /** Waits for the next piece of the body; empty at its end, in whatever way it ended. */
    Optional<byte[]> pull(Duration patience) {
        boolean came = changes.within(patience, () -> hasPiece() || isOver());
        synchronized (this) {
            return came ? Optional.ofNullable(pulled.poll()) : Optional.empty();
        }
    }

    private synchronized boolean hasPiece() {
        return !pulled.isEmpty();
    }
}
