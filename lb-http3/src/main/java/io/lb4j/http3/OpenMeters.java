package io.lb4j.http3;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** The meters of a listener's, or a cluster's, connections that are open: how far their readings spread. Thread-safe. */
final class OpenMeters {
    private final Set<ConnectionMeter> meters = ConcurrentHashMap.newKeySet();

    void add(ConnectionMeter meter) {
        meters.add(meter);
    }

    void remove(ConnectionMeter meter) {
        meters.remove(meter);
    }

    /** Adds the percentiles to figures. A connection of which nothing has been read yet does not count. */
    void addTo(Map<String, Long> figures) {
        List<ConnectionMeter.Reading> readings = meters.stream()
                .map(ConnectionMeter::reading)
                .filter(reading -> reading.congestionWindow() > 0)
                .toList();
        addSpread(figures, "rtt_micros", readings, ConnectionMeter.Reading::rttMicros);
        addSpread(figures, "congestion_window", readings, ConnectionMeter.Reading::congestionWindow);
    }

    private static void addSpread(
            Map<String, Long> figures,
            String name,
            List<ConnectionMeter.Reading> readings,
            ToLongFunction<ConnectionMeter.Reading> value) {
        long[] sorted = readings.stream().mapToLong(value).toArray();
        Arrays.sort(sorted);
        for (int percent : List.of(10, 50, 90, 99)) {
            figures.put(name + "_p" + percent, atPercent(sorted, percent));
        }
    }

    /** Returns the least value that so many of a hundred do not exceed; 0 if there is none. */
    private static long atPercent(long[] sorted, int percent) {
        int rank = (sorted.length * percent + 99) / 100;
        return sorted.length == 0 ? 0 : sorted[Math.max(0, rank - 1)];
    }
}
