package io.lb4j.internal.control;

import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A discovery of which every watch ends as soon as it is told to. */
final class EndingDiscovery implements Discovery {
    final AtomicInteger watches = new AtomicInteger();
    private volatile @Nullable Listener listener;
    private volatile @Nullable DiscoveryContext context;
    volatile boolean refusing;

    Listener listener() {
        return Objects.requireNonNull(listener);
    }

    DiscoveryContext context() {
        return Objects.requireNonNull(context);
    }

    @Override
    public List<Endpoint> discover() {
        throw new UnsupportedOperationException("it is watched");
    }

    @Override
    public void watch(DiscoveryContext watch, Listener newListener) {
        watches.incrementAndGet();
        listener = newListener;
        context = watch;
        if (refusing) {
            throw new IllegalStateException("no connection");
        }
        newListener.onEndpoints(List.of(Endpoint.of("10.0.0.1", 80)));
    }
}
