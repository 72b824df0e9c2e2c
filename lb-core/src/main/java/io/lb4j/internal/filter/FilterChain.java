package io.lb4j.internal.filter;

import io.lb4j.http.RequestHead;
import io.lb4j.internal.snapshot.FilterRun;
import io.lb4j.internal.snapshot.FilterSink;
import io.lb4j.internal.snapshot.Filters;
import io.lb4j.spi.Plugin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plugins of a route in their order: by priority, the higher first, then by name. Immutable; every exchange sees one chain.
 *
 * @param plugins in order
 * @param bufferLimit octets that a filter may gather of a body
 */
public record FilterChain(List<Plugin> plugins, long bufferLimit) implements Filters {
    /** What a filter may gather of a body unless the configuration says otherwise. */
    public static final long DEFAULT_BUFFER_LIMIT = 256 * 1024;

    /** A chain without plugins, which costs nothing. */
    public static final FilterChain EMPTY = new FilterChain(List.of(), DEFAULT_BUFFER_LIMIT);

    /** Copies and orders what it is given. */
    public FilterChain {
        List<Plugin> ordered = new ArrayList<>(plugins);
        ordered.sort(Comparator.comparingInt(Plugin::priority).reversed().thenComparing(Plugin::name));
        plugins = List.copyOf(ordered);
    }

    @Override
    public boolean isEmpty() {
        return plugins.isEmpty();
    }

    @Override
    public @Nullable FilterRun start(FilterSink sink, RequestHead head) {
        List<Plugin> concerned = new ArrayList<>(plugins.size());
        for (Plugin plugin : plugins) {
            if (plugin.type() != Plugin.Type.ACCESS && plugin.canHandle(head.method(), head.path())) {
                concerned.add(plugin);
            }
        }
        return concerned.isEmpty() ? null : new ChainRun(sink, new FilterChain(concerned, bufferLimit));
    }
}
