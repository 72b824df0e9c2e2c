package io.lb4j.internal.accept;

import io.lb4j.internal.tls.HandshakeFailure;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a listener has counted, an array for each event loop. Thread-safe. */
public final class AcceptCounters {
    private final List<LoopCounts> perLoop;

    AcceptCounters(int loops) {
        perLoop = IntStream.range(0, loops).mapToObj(i -> new LoopCounts()).toList();
    }

    LoopCounts onLoop(int index) {
        return perLoop.get(index);
    }

    /** Returns the sums of all loops. They are taken one after the other: a connection may be counted as closed and not yet as accepted. */
    public AcceptStatistics snapshot() {
        Map<HandshakeFailure, Long> failures = new EnumMap<>(HandshakeFailure.class);
        for (HandshakeFailure failure : HandshakeFailure.values()) {
            long count = perLoop.stream()
                    .mapToLong(counts -> counts.failures(failure))
                    .sum();
            if (count > 0) {
                failures.put(failure, count);
            }
        }
        long closed = sum(LoopCounts.CLOSED); // before the accepted ones, lest more be closed than were accepted
        long accepted = sum(LoopCounts.ACCEPTED);
        return new AcceptStatistics(
                accepted,
                Math.max(0, accepted - closed),
                sum(LoopCounts.REFUSED_BY_LISTENER),
                sum(LoopCounts.REFUSED_BY_CLIENT),
                sum(LoopCounts.PAUSES),
                sum(LoopCounts.HANDSHAKES),
                sum(LoopCounts.RESUMPTIONS),
                failures,
                sum(LoopCounts.BYTES_READ),
                sum(LoopCounts.BYTES_WRITTEN));
    }

    private long sum(int what) {
        return perLoop.stream().mapToLong(counts -> counts.value(what)).sum();
    }
}
