package io.lb4j.plugins.cache;

import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * A request that an endpoint is asked, for there is nothing that would do. Immutable.
 *
 * @param asked what the client wants
 * @param request its fields, as they came to the cache
 * @param found what is kept and may not be used as it is; null if there is nothing
 * @param resource what it is asked of
 * @param sinceNanos when
 */
record Fetch(Asked asked, Fields request, @Nullable Stored found, Resource resource, long sinceNanos) {
    Storing.Pair pair(Fields sent, ResponseHead response, long nowNanos) {
        return new Storing.Pair(asked, request, sent, response, Math.max(0, nowNanos - sinceNanos));
    }
}
