package io.lb4j.internal.route;

import io.lb4j.http.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks through routes whose host and path fit. */
@FunctionalInterface
interface Probe<T> {
    /**
     * Returns the route that serves the request, or null to have the search go on.
     *
     * @param bucket in order of precedence
     */
    @Nullable Candidate<T> choose(List<Candidate<T>> bucket, RequestHead head);
}
