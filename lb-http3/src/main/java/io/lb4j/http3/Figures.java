package io.lb4j.http3;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/** Counts. Thread-safe. */
final class Figures {
    private final LongAdder[] counts = new LongAdder[Figure.values().length];

    Figures() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** Counts one, and one of what it is a part of. */
    void count(Figure figure) {
        counts[figure.ordinal()].increment();
        Figure whole = figure.whole();
        if (whole != null) {
            counts[whole.ordinal()].increment();
        }
    }

    void add(Figure figure, long number) {
        counts[figure.ordinal()].add(number);
    }

    long value(Figure figure) {
        return counts[figure.ordinal()].sum();
    }

    /** Returns some counts by their names. */
    Map<String, Long> snapshot(Set<Figure> which) {
        Map<String, Long> snapshot = new LinkedHashMap<>();
        for (Figure figure : which) {
            snapshot.put(figure.text(), value(figure));
        }
        return snapshot;
    }
}
