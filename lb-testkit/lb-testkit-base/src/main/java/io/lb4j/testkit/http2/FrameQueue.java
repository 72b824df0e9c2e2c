package io.lb4j.testkit.http2;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Predicate;

/** Frames received and not claimed by the test yet; the oldest give way when there are too many. Thread-safe. */
final class FrameQueue {
    private static final int FRAMES_BOUND = 10_000;
    private static final long BYTES_BOUND = 16L << 20;

    private final Deque<Frame> frames = new ArrayDeque<>(); // guarded by this
    private long bytes; // guarded by this

    synchronized void add(Frame frame) {
        frames.add(frame);
        bytes += frame.length();
        while (frames.size() > FRAMES_BOUND || bytes > BYTES_BOUND) {
            bytes -= frames.remove().length();
        }
    }

    synchronized Optional<Frame> claim(Predicate<Frame> wanted) {
        for (Iterator<Frame> it = frames.iterator(); it.hasNext(); ) {
            Frame frame = it.next();
            if (wanted.test(frame)) {
                it.remove();
                bytes -= frame.length();
                return Optional.of(frame);
            }
        }
        return Optional.empty();
    }

    @Override
    public synchronized String toString() {
        return frames.toString();
    }
}
