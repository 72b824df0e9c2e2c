package io.lb4j.spi;

import io.lb4j.model.Endpoint;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Endpoints that the program sets itself, whenever it likes. Thread-safe. */
public final class MutableDiscovery implements Discovery {
    private @Nullable Listener listener; // guarded by this
    private List<Endpoint> endpoints; // guarded by this
    private @Nullable IOException failure; // guarded by this

    /** Creates a discovery that says these until it is told otherwise. */
    public MutableDiscovery(List<Endpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    /** Says that these are the endpoints from now on. */
    public synchronized void set(List<Endpoint> newEndpoints) {
        endpoints = List.copyOf(newEndpoints);
        failure = null;
        if (listener != null) {
            listener.onEndpoints(endpoints);
        }
    }

    /** Says that the source cannot be asked, until {@link #set} is called again. */
    public synchronized void fail(IOException reason) {
        failure = reason;
        if (listener != null) {
            listener.onError(reason);
        }
    }

    @Override
    public synchronized List<Endpoint> discover() throws IOException {
        if (failure != null) {
            throw failure;
        }
        return endpoints;
    }

    @Override
    public synchronized void watch(DiscoveryContext context, Listener newListener) {
        listener = newListener;
        if (failure == null) {
            newListener.onEndpoints(endpoints);
        } else {
            newListener.onError(failure);
        }
    }

    @Override
    public synchronized void close() {
        listener = null;
    }
}
