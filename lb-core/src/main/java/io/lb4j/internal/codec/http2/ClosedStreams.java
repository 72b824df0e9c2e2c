package io.lb4j.internal.codec.http2;

import java.util.Arrays;

/**
 * What is remembered of the peer's streams that are gone, so that a frame which was on its way when we reset its stream is told
 * from one that breaks the protocol (RFC 9113 §5.1). Bounded: what is too old to be remembered is given the benefit of the doubt.
 */
final class ClosedStreams {
    private static final int REMEMBERED = 128;

    private final int[] resetByUs = new int[REMEMBERED];
    private int next;
    private int forgotten; // streams up to this one may have been reset by us

    private int lastOpened = -1; // ids are odd
    private long opened; // bit n: the stream n steps before the last one was opened

    /** A stream of the peer's was opened; ids only grow. */
    void onOpened(int id) {
        int steps = (id - lastOpened) >>> 1;
        opened = (steps >= Long.SIZE ? 0 : opened << steps) | 1;
        lastOpened = id;
    }

    /** Returns whether a stream, not above the last one, was never opened, as far as is remembered. */
    boolean wasSkipped(int id) {
        int steps = (lastOpened - id) >>> 1;
        return steps < Long.SIZE && (opened >>> steps & 1) == 0;
    }

    /** We have reset a stream. */
    void onReset(int id) {
        forgotten = Math.max(forgotten, resetByUs[next]);
        resetByUs[next] = id;
        next = (next + 1) % REMEMBERED;
    }

    /** Returns whether frames on a stream that is gone may be late rather than wrong. */
    boolean toleratesFrames(int id) {
        return id <= forgotten || Arrays.stream(resetByUs).anyMatch(reset -> reset == id);
    }
}
