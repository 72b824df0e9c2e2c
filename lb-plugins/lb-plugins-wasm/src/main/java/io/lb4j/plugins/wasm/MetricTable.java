package io.lb4j.plugins.wasm;

import io.lb4j.spi.PluginContext;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The figures that guests of one plugin have defined; all instances share them. A histogram is a count and a sum. Thread-safe. */
final class MetricTable {
    static final int COUNTER = 0;
    static final int GAUGE = 1;
    static final int HISTOGRAM = 2;

    private static final int MOST = 450; // of the plugin's thousand figures, and a histogram takes two

    private final Function<String, PluginContext.Metric> maker;
    private final List<Metric> metrics = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>(); // guarded by this

    /** One figure. */
    record Metric(int type, PluginContext.Metric value, PluginContext.@Nullable Metric sum) {}

    MetricTable(Function<String, PluginContext.Metric> maker) {
        this.maker = maker;
    }

    /** Returns the number of a figure, a new one or that of its name and type; 0 if there are too many. */
    synchronized int define(int type, String guestName) {
        String name = guestName.replaceAll("[^A-Za-z0-9_.-]", "_");
        String key = type + ":" + name;
        Integer known = ids.get(key);
        if (known != null) {
            return known;
        }
        if (metrics.size() >= MOST || name.isEmpty() || name.length() > 200) {
            return 0;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        Metric made = type == HISTOGRAM
                ? new Metric(type, maker.apply(lower + ".count"), maker.apply(lower + ".sum"))
                : new Metric(type, maker.apply(lower), null);
        metrics.add(made);
        ids.put(key, metrics.size());
        return metrics.size();
    }

    /** Returns a figure by its number, or null. */
    @Nullable Metric find(int id) {
        return id > 0 && id <= metrics.size() ? metrics.get(id - 1) : null;
    }
}
