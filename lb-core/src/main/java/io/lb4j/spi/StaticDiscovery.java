package io.lb4j.spi;

import io.lb4j.model.Endpoint;
import java.util.List;

/** Endpoints that are fixed. Immutable. */
public final class StaticDiscovery implements Discovery {
    private final List<Endpoint> endpoints;

    /** Creates a discovery that always says these. */
    public StaticDiscovery(List<Endpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    @Override
    public List<Endpoint> discover() {
        return endpoints;
    }

    @Override
    public void watch(DiscoveryContext context, Listener listener) {
        listener.onEndpoints(endpoints);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StaticDiscovery discovery && discovery.endpoints.equals(endpoints);
    }

    @Override
    public int hashCode() {
        return endpoints.hashCode();
    }

    @Override
    public String toString() {
        return endpoints.toString();
    }
}
