package io.lb4j.internal.filter;

import io.lb4j.http.RequestHead;
import io.lb4j.internal.snapshot.FilterRun;
import io.lb4j.internal.snapshot.FilterSink;
import io.lb4j.internal.snapshot.Filters;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The chains of a route where listeners have plugins of their own: one for each of these, and one for all others. Immutable. */
public final class ListenerChains implements Filters {
    private final Map<String, FilterChain> byListener;
    private final FilterChain others;

    private ListenerChains(Map<String, FilterChain> byListener, FilterChain others) {
        this.byListener = Map.copyOf(byListener);
        this.others = others;
    }

    /**
     * Returns the chains of a route.
     *
     * @param byListener those of listeners that have plugins of their own
     */
    public static Filters of(Map<String, FilterChain> byListener, FilterChain others) {
        return byListener.isEmpty() ? others : new ListenerChains(byListener, others);
    }

    @Override
    public boolean isEmpty() {
        return false; // a listener's plugins are in one of them
    }

    @Override
    public @Nullable FilterRun start(FilterSink sink, RequestHead head) {
        return chain(sink).start(sink, head);
    }

    @Override
    public @Nullable FilterRun startAtEnd(FilterSink sink, RequestHead head) {
        return chain(sink).startAtEnd(sink, head);
    }

    /** Returns whether the other has the same chains for the same listeners. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ListenerChains chains
                && byListener.equals(chains.byListener)
                && others.equals(chains.others);
    }

    @Override
    public int hashCode() {
        return byListener.hashCode() * 31 + others.hashCode();
    }

    private FilterChain chain(FilterSink sink) {
        return byListener.getOrDefault(sink.exchange().connection().listener(), others);
    }
}
