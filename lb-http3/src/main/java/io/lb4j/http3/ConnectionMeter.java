package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.handler.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.Future;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What QUIC has measured of one connection: read now and then, added to the sums of the listener or cluster, and kept for who asks. Confined to the event loop, but for
 * what was read last, which all threads may see.
 */
final class ConnectionMeter {
    private final QuicChannel channel;
    private final Figures figures;
    private @Nullable QuicConnectionStats counted; // is in the sums
    private volatile Reading reading = Reading.NOTHING;

    /**
     * What was read last.
     *
     * @param rttMicros the round trip as it is smoothed
     * @param congestionWindow octets that may be under way
     */
    record Reading(long rttMicros, long congestionWindow, Map<String, Long> figures) {
        static final Reading NOTHING = new Reading(0, 0, Map.of());
    }

    ConnectionMeter(QuicChannel channel, Figures figures) {
        this.channel = channel;
        this.figures = figures;
    }

    Reading reading() {
        return reading;
    }

    /** Returns what QUIC said when it was read last; null before. */
    @Nullable QuicConnectionStats statistics() {
        return counted;
    }

    /**
     * Reads anew. After the end of the connection, what it had come to.
     *
     * @return whether anything has gone or come since the last reading
     */
    boolean read() {
        Future<QuicConnectionStats> stats = channel.collectStats(); // on the event loop it is known at once
        if (!stats.isSuccess() || stats.getNow() == null) {
            return false;
        }
        QuicConnectionStats now = stats.getNow();
        QuicConnectionStats before = counted;
        count(now);
        QuicConnectionPathStats path = activePath(now.pathsCount());
        if (path != null) {
            reading = describe(now, path);
        }
        return before == null || before.sent() != now.sent() || before.recv() != now.recv();
    }

    private void count(QuicConnectionStats now) {
        QuicConnectionStats before = counted;
        counted = now;
        add(Figure.OCTETS_RECEIVED, now.recvBytes(), before == null ? 0 : before.recvBytes());
        add(Figure.OCTETS_SENT, now.sentBytes(), before == null ? 0 : before.sentBytes());
        add(Figure.OCTETS_LOST, now.lostBytes(), before == null ? 0 : before.lostBytes());
        add(Figure.PACKETS_RECEIVED, now.recv(), before == null ? 0 : before.recv());
        add(Figure.PACKETS_SENT, now.sent(), before == null ? 0 : before.sent());
        add(Figure.PACKETS_LOST, now.lost(), before == null ? 0 : before.lost());
    }

    private void add(Figure figure, long now, long before) {
        figures.add(figure, now - before);
    }

    private @Nullable QuicConnectionPathStats activePath(long paths) {
        for (int i = 0; i < paths; i++) {
            Future<QuicConnectionPathStats> path = channel.collectPathStats(i);
            if (path.isSuccess() && path.getNow().active()) {
                return path.getNow();
            }
        }
        return null;
    }

    private static Reading describe(QuicConnectionStats stats, QuicConnectionPathStats path) {
        long rttMicros = TimeUnit.NANOSECONDS.toMicros(path.rtt());
        Map<String, Long> figures = new TreeMap<>();
        figures.put("rtt_micros", rttMicros);
        figures.put("congestion_window", path.cwnd());
        figures.put("delivery_rate", path.deliveryRate());
        figures.put("packet_size", path.pmtu());
        figures.put("paths", stats.pathsCount());
        figures.put(Figure.OCTETS_RECEIVED.text(), stats.recvBytes());
        figures.put(Figure.OCTETS_SENT.text(), stats.sentBytes());
        figures.put(Figure.OCTETS_LOST.text(), stats.lostBytes());
        figures.put(Figure.PACKETS_RECEIVED.text(), stats.recv());
        figures.put(Figure.PACKETS_SENT.text(), stats.sent());
        figures.put(Figure.PACKETS_LOST.text(), stats.lost());
        return new Reading(rttMicros, path.cwnd(), Map.copyOf(figures));
    }
}
