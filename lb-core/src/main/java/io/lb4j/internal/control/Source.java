package io.lb4j.internal.control;

import io.lb4j.model.DiscoveryPolicy;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Backoff;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.StaticDiscovery;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One source of a cluster's endpoints, kept watched: a watch that ends, or does not begin, is begun again after a back-off. Confined to
 * the control thread; the discovery itself speaks on whatever thread it likes, and is only ever called on threads that may block.
 */
final class Source implements EndpointFeed.Owner {
    private static final Logger LOGGER = LoggerFactory.getLogger(Source.class);
    private static final int MAX_WARNINGS = 1000;

    private final String name;
    private final String cluster;
    private final Discovery discovery;
    private final ControlContext control;
    private final Listener listener;
    private final EndpointFeed feed;
    private final Set<String> refused = new HashSet<>(); // addresses that have been warned of
    private volatile DiscoveryPolicy policy; // written on the control thread; polls read it
    private Backoff backoff;
    private @Nullable SourceContext watch;
    private long staleSinceNanos;

    /** Hears of changes, on the control thread. */
    interface Listener {
        /** Other endpoints are believed, or the source has spoken or failed for the first time. */
        void onBelieved();

        /** The source cannot be asked any more. */
        void onStale();
    }

    /** What a source belongs to. */
    record Place(String cluster, DiscoveryPolicy policy, ControlContext control, Listener listener) {}

    Source(String name, Discovery discovery, Place place) {
        this.name = name;
        this.discovery = discovery;
        cluster = place.cluster();
        control = place.control();
        listener = place.listener();
        policy = place.policy();
        backoff = new Backoff(policy.backoffBase(), policy.backoffMax());
        feed = new EndpointFeed(
                "cluster " + cluster + ": " + name, FeedSettings.of(policy), this, control.executor(), control.clock());
    }

    String name() {
        return name;
    }

    EndpointFeed feed() {
        return feed;
    }

    void sequentialStart() {
        if (discovery instanceof StaticDiscovery known) {
            feed.sequentialState(known.discover()); // it is known already, and never in doubt
        } else {
            sequentialWatch();
        }
    }

    /** Takes over another policy. A watch under way goes on. */
    void sequentialConfigure(DiscoveryPolicy next) {
        if (!next.equals(policy)) {
            policy = next;
            backoff = new Backoff(policy.backoffBase(), policy.backoffMax());
            feed.sequentialConfigure(FeedSettings.of(policy));
        }
    }

    /** Stops for good. */
    void sequentialStop() {
        feed.sequentialStop();
        SourceContext last = watch;
        watch = null;
        if (last != null) {
            last.end();
        }
        offControl(() -> closeSafely());
    }

    /** Returns whether it can be asked, or could until a moment ago, and has endpoints. */
    boolean isGood(Duration patience) {
        if (feed.believed().isEmpty()) {
            return false;
        }
        long silentNanos = control.clock().getAsLong() - staleSinceNanos;
        return !feed.isStale() || (feed.isSettled() && silentNanos < patience.toNanos());
    }

    private void sequentialWatch() {
        Watch next = new Watch();
        SourceContext context = new SourceContext(cluster, () -> policy, control, next::onEnd);
        next.context = context;
        watch = context;
        context.executor().execute(() -> discovery.watch(context, next));
    }

    private void sequentialRestart(SourceContext ended, Throwable reason) {
        if (watch != ended) {
            return; // it has been stopped, or replaced, since
        }
        ended.end();
        feed.sequentialError(reason);
        SourceContext pause = new SourceContext(cluster, () -> policy, control, fault -> {});
        watch = pause;
        control.executor()
                .schedule(
                        () -> {
                            if (watch == pause) {
                                sequentialWatch();
                            }
                        },
                        backoff.next().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    private void closeSafely() {
        try {
            discovery.close();
        } catch (RuntimeException e) {
            LOGGER.warn("cluster {}: {} failed to close", cluster, name, e);
        }
    }

    private void offControl(Runnable task) {
        try {
            control.sources().blocking().execute(task);
        } catch (RejectedExecutionException closing) {
            LOGGER.debug("cluster {}: {} is closed with the balancer", cluster, name);
        }
    }

    /**
     * What a watch has said and the control thread has not come to yet. Immutable.
     *
     * @param endpoints the last statement; null if there was none
     * @param leftOut how many entries are missing in it
     * @param error why the source could not be asked after that; null if it could
     */
    private record Said(
            @Nullable List<Endpoint> endpoints,
            int leftOut,
            @Nullable Throwable error) {}

    /**
     * Takes over to the control thread what one watch says, as long as it is the present one. Of what is said faster than the control thread
     * comes to it the last counts: one task waits, however much is said.
     */
    private final class Watch implements Discovery.Listener {
        private final AtomicReference<@Nullable Said> unheard = new AtomicReference<>();
        private @Nullable SourceContext context; // set once, before the watch begins

        @Override
        public void onEndpoints(List<Endpoint> endpoints) {
            onEndpoints(endpoints, 0);
        }

        @Override
        public void onEndpoints(List<Endpoint> endpoints, int leftOut) {
            Said said = new Said(List.copyOf(endpoints), leftOut, null);
            tell(before -> said);
        }

        @Override
        public void onError(Throwable reason) {
            tell(before -> before == null
                    ? new Said(null, 0, reason)
                    : new Said(before.endpoints(), before.leftOut(), reason));
        }

        private void tell(UnaryOperator<@Nullable Said> next) {
            if (unheard.getAndUpdate(next) == null) {
                onControl(this::sequentialHear);
            }
        }

        private void sequentialHear() {
            Said said = unheard.getAndSet(null);
            if (said == null) {
                return;
            }
            if (said.endpoints() != null) {
                backoff.reset();
                feed.sequentialState(said.endpoints(), said.leftOut());
            }
            if (said.error() != null) {
                feed.sequentialError(said.error());
            }
        }

        @Override
        public void onEnd(Throwable reason) {
            SourceContext mine = context;
            if (mine != null) {
                onControl(() -> sequentialRestart(mine, reason));
            }
        }

        private void onControl(Runnable action) {
            SourceContext mine = context;
            if (mine == null || mine.isOver()) {
                return;
            }
            try {
                control.executor().execute(() -> {
                    if (!mine.isOver()) {
                        action.run();
                    }
                });
            } catch (RejectedExecutionException closing) {
                LOGGER.debug("cluster {}: {} spoke after the end", cluster, name);
            }
        }
    }

    @Override
    public boolean admits(Endpoint endpoint) {
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(endpoint.host());
        if (octets == null || !control.sources().dns().settings().guard().refuses(addressOf(octets))) {
            return true;
        }
        if (refused.size() < MAX_WARNINGS && refused.add(endpoint.address())) {
            LOGGER.warn(
                    "cluster {}: {} names {}, which is link-local, of cloud metadata or no host's; it is left out"
                            + " (dns.allow lets it through)",
                    cluster,
                    name,
                    endpoint.address());
        }
        return false;
    }

    private static InetAddress addressOf(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of 4 or 16 octets is always good", impossible);
        }
    }

    @Override
    public void onBelieved() {
        listener.onBelieved();
    }

    @Override
    public void onStale(Throwable reason) {
        staleSinceNanos = control.clock().getAsLong();
        control.events().accept(new ControlEvent.SourceStale(cluster, name, String.valueOf(reason.getMessage())));
        listener.onStale();
    }

    @Override
    public void onFresh(Duration silence) {
        control.events().accept(new ControlEvent.SourceRecovered(cluster, name, silence));
        listener.onBelieved(); // in failover order it may take over again
    }
}
