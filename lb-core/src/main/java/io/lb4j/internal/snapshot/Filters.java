package io.lb4j.internal.snapshot;

import io.lb4j.http.RequestHead;
import org.jspecify.annotations.Nullable;

/** A filter chain. Implemented by the filter stage; immutable, so that every exchange sees one chain. */
public interface Filters {
    /** Returns whether there is no plugin: the chain then costs nothing. */
    boolean isEmpty();

    /** Begins an exchange's way through the chain, or returns null if no plugin has any business with it. */
    @Nullable FilterRun start(FilterSink sink, RequestHead head);

    /**
     * Begins for an exchange that is about to end and has not been through the chain: for plugins that look at exchanges that have ended. Returns
     * null if there is none.
     */
    @Nullable FilterRun startAtEnd(FilterSink sink, RequestHead head);
}
