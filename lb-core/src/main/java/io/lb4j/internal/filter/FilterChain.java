package io.lb4j.internal.filter;

import io.lb4j.http.RequestHead;
import io.lb4j.internal.snapshot.FilterRun;
import io.lb4j.internal.snapshot.FilterSink;
import io.lb4j.internal.snapshot.Filters;
import io.lb4j.spi.Plugin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plugins in their order: by priority, the higher first, then by name. Immutable; every exchange sees one chain. */
public final class FilterChain implements Filters {
    /** A chain without plugins, which costs nothing. */
    public static final FilterChain EMPTY = new FilterChain(List.of());

    private static final Comparator<ChainEntry> ORDER =
            Comparator.comparingInt(ChainEntry::priority).reversed().thenComparing(ChainEntry::name);

    private final ChainEntry[] entries;
    private final boolean hasAccess;

    private FilterChain(List<ChainEntry> ordered) {
        entries = ordered.toArray(new ChainEntry[0]);
        hasAccess = ordered.stream().anyMatch(entry -> entry.instance().type() == Plugin.Type.ACCESS);
    }

    /** Returns the chain of some plugins. */
    public static FilterChain of(Collection<ChainEntry> entries) {
        if (entries.isEmpty()) {
            return EMPTY;
        }
        List<ChainEntry> ordered = new ArrayList<>(entries);
        ordered.sort(ORDER);
        return new FilterChain(ordered);
    }

    @Override
    public boolean isEmpty() {
        return entries.length == 0;
    }

    @Override
    public @Nullable FilterRun start(FilterSink sink, RequestHead head) {
        return ChainRun.start(sink, entries, head, false);
    }

    @Override
    public @Nullable FilterRun startAtEnd(FilterSink sink, RequestHead head) {
        return hasAccess ? ChainRun.start(sink, entries, head, true) : null;
    }

    /** Returns whether the other chain has the same plugins in the same places. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FilterChain chain && Arrays.equals(entries, chain.entries);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(entries);
    }

    /** Returns the names in order. */
    @Override
    public String toString() {
        List<String> names = new ArrayList<>();
        for (ChainEntry entry : entries) {
            names.add(entry.name());
        }
        return names.toString();
    }
}
