package io.lb4j.internal.control;

import io.lb4j.config.Part;
import io.lb4j.internal.filter.PluginInstance;
import io.lb4j.internal.observe.PluginCounters;
import io.lb4j.spi.Plugin;
import io.lb4j.stats.PluginStatistics;
import java.util.Map;

/** A plugin that has been initialised and is not closed yet. Confined to the control thread, but for {@link #statistics()}. */
final class LivePlugin {
    final PluginInstance instance;
    final Part part;
    final Map<String, Object> config;
    private final InstanceContext context;
    private final PluginCounters counters;
    private final String version;
    boolean inForce;
    boolean told; // that it is in force
    boolean retiring;
    int generation; // counts retirements and returns
    int unusedLoops; // of the present retirement

    LivePlugin(PluginInstance instance, Part part, InstanceContext context, PluginCounters counters, String version) {
        this.instance = instance;
        this.part = part;
        this.config = context.config();
        this.context = context;
        this.counters = counters;
        this.version = version;
    }

    Plugin plugin() {
        return instance.plugin();
    }

    /** Returns whether the plugin was given as an object: such a one is the same wherever it is used. */
    boolean isGiven() {
        return part.settings().isEmpty();
    }

    InstanceContext context() {
        return context;
    }

    PluginStatistics statistics() {
        PluginCounters.Summary sum = counters.summarize();
        return new PluginStatistics(
                version,
                sum.calls(),
                sum.shortCircuits(),
                sum.errors(),
                sum.timeouts(),
                sum.blocks(),
                sum.outages(),
                instance.isOut(),
                sum.latency(),
                context.figures(),
                context.dependencies());
    }
}
