package io.lb4j.internal.snapshot;

import io.lb4j.exchange.Exchange;
import org.jspecify.annotations.Nullable;

/** Picks the endpoint for a try. Implemented by the balance stage; thread-safe. */
public interface EndpointPicker {
    /**
     * Returns an endpoint that may be used, or null if there is none.
     *
     * @param tried endpoints that failed for this request, avoided as long as there is another; null for a first try
     */
    @Nullable EndpointState pick(Exchange exchange, @Nullable TriedEndpoints tried);
}
