package io.lb4j.internal.filter;

import io.lb4j.internal.observe.PluginCounters;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.lb4j.testkit.time.FakeClock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Plugins in a chain as the tests want them, on one loop. */
final class Entries {
    static final PluginLimits LIMITS = new PluginLimits(
            3,
            Duration.ofSeconds(10).toNanos(),
            Duration.ofSeconds(30).toNanos(),
            Duration.ofMillis(200).toNanos());

    private final LoopCalls calls = new LoopCalls(1);
    private final FakeClock clock = FakeClock.create();
    private final PluginInstance.Base base = new PluginInstance.Base(calls, clock.nanoSource(), event -> {});

    LoopCalls calls() {
        return calls;
    }

    /** A plugin whose exchanges all have this filter. */
    private record TestPlugin(String name, Plugin.Type type, Function<FilterExchange, Filter> filters)
            implements Plugin {
        @Override
        public String version() {
            return "1";
        }

        @Override
        public Filter filter(FilterExchange exchange) {
            return filters.apply(exchange);
        }
    }

    ChainEntry closed(String name, Filter filter) {
        return entry(name, Plugin.Type.BOTH, exchange -> filter, false);
    }

    ChainEntry open(String name, Filter filter) {
        return entry(name, Plugin.Type.BOTH, exchange -> filter, true);
    }

    ChainEntry entry(String name, Plugin.Type type, Function<FilterExchange, Filter> filters, boolean failsOpen) {
        PluginInstance instance =
                new PluginInstance(name, new TestPlugin(name, type, filters), new PluginCounters(1), LIMITS, base);
        ChainEntry.Conduct conduct =
                new ChainEntry.Conduct(failsOpen, Duration.ofMillis(50).toNanos(), 8);
        return new ChainEntry(instance, name, 0, List.of(), Set.of(), conduct);
    }
}
