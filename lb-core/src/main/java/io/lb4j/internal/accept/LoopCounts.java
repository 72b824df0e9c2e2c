package io.lb4j.internal.accept;

import io.lb4j.internal.tls.HandshakeFailure;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one event loop has counted for one listener. Written by that loop alone, so that counting needs no atomic instruction; read by
 * any thread.
 */
final class LoopCounts {
    static final int ACCEPTED = 0;
    static final int CLOSED = 1;
    static final int REFUSED_BY_LISTENER = 2;
    static final int REFUSED_BY_CLIENT = 3;
    static final int PAUSES = 4;
    static final int HANDSHAKES = 5;
    static final int RESUMPTIONS = 6;
    static final int BYTES_READ = 7;
    static final int BYTES_WRITTEN = 8;
    private static final int FIRST_FAILURE = 9;

    private final AtomicLongArray values = new AtomicLongArray(FIRST_FAILURE + HandshakeFailure.values().length);

    void add(int what, long amount) {
        values.setOpaque(what, values.getPlain(what) + amount);
    }

    void addFailure(HandshakeFailure failure) {
        add(FIRST_FAILURE + failure.ordinal(), 1);
    }

    long value(int what) {
        return values.getOpaque(what);
    }

    long failures(HandshakeFailure failure) {
        return value(FIRST_FAILURE + failure.ordinal());
    }
}
