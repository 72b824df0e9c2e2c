package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.lb4j.discovery.Entries;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An informer of slices: it lists once and watches from there, and lists again where its version is gone. It connects again by itself, and is
 * silent while it cannot, or where its connection is gone without a word; so the API server is asked now and then whether it is there, and for the
 * versions of all slices. If it is not, or the informer does not come to these versions, this watch ends with its client, for both may wait for
 * good on connections that nobody else knows any more. What changes is told a moment later, all that has.
 */
final class KubernetesWatch implements ResourceEventHandler<EndpointSlice> {
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration SECOND_LOOK = Duration.ofMillis(500);
    private final KubernetesDiscovery discovery;
    private final DiscoveryContext context;
    private final Discovery.Listener listener;
    private final Object telling = new Object(); // one thread at a time tells; taken before this
    private final SliceLag lag = new SliceLag(); // confined to the probes, of which there is one at a time, as below
    private int probes;
    private volatile @Nullable KubernetesClient client; // written before the informer begins
    private @Nullable SharedIndexInformer<EndpointSlice> informer; // guarded by this, as all below
    private boolean isSynced;
    private boolean isScheduled;
    private boolean isSilent; // the API server is not watched again yet
    private boolean isOver;

    KubernetesWatch(KubernetesDiscovery discovery, DiscoveryContext context, Discovery.Listener listener) {
        this.discovery = discovery;
        this.context = context;
        this.listener = listener;
    }

    void begin() {
        try {
            client = discovery.client();
            SharedIndexInformer<EndpointSlice> made = discovery.slices().runnableInformer(0);
            synchronized (this) {
                if (isOver) {
                    return;
                }
                informer = made;
            }
            made.exceptionHandler((isStarted, reason) -> {
                context.executor().execute(() -> finish(reason));
                return false;
            });
            made.addEventHandler(this);
            Duration timeout = discovery.settings().value(KubernetesOptions.TIMEOUT);
            made.start().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            synchronized (this) {
                isSynced = true;
            }
            tell();
            scheduleProbe();
        } catch (ExecutionException e) {
            finish(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            finish(new IOException("kubernetes: no answer in time", e));
        } catch (IOException | RuntimeException e) {
            finish(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void scheduleProbe() {
        Duration interval = discovery.settings().value(KubernetesOptions.PROBE);
        boolean isSooner = lag.isSuspected() && SECOND_LOOK.compareTo(interval) < 0;
        Duration next = isSooner ? SECOND_LOOK : interval;
        Duration pause = discovery.pause();
        context.schedule(pause.compareTo(next) > 0 ? pause : next, this::probe);
    }

    private void probe() {
        try {
            SharedIndexInformer<EndpointSlice> present;
            synchronized (this) {
                present = informer;
            }
            if (present == null) {
                return;
            }
            boolean isBehind = isBehind(present);
            synchronized (this) {
                if (isOver) {
                    return;
                }
                isSilent = !present.isWatching();
            }
            if (isBehind) {
                finish(new IOException("kubernetes: the watch has fallen silent, and is begun anew"));
                return;
            }
            tell(); // also for a service that stands for an external name: no slice tells of its changes
            scheduleProbe();
        } catch (IOException | RuntimeException e) {
            if (!ApiClients.isAskedTooMuch(e)) {
                finish(e);
                return;
            }
            listener.onError(KubernetesDiscovery.failure(e)); // to list and watch anew would ask for more still
            scheduleProbe();
        }
    }

    private boolean isBehind(SharedIndexInformer<EndpointSlice> present) throws IOException {
        probes++;
        int slices = present.getStore().listKeys().size();
        if (probes % SliceLag.probesFor(slices) != 0 && !lag.isSuspected()) {
            discovery.requireAnswer();
            return false;
        }
        Map<String, String> listed = discovery.versions();
        Map<String, String> watched = KubernetesDiscovery.versions(present.getStore().list().stream()
                .map(EndpointSlice::getMetadata)
                .toList());
        return lag.isBehind(listed, watched);
    }

    @Override
    public void onAdd(EndpointSlice slice) {
        schedule();
    }

    @Override
    public void onUpdate(EndpointSlice before, EndpointSlice after) {
        schedule();
    }

    @Override
    public void onDelete(EndpointSlice slice, boolean isUnknown) {
        schedule();
    }

    private synchronized void schedule() {
        if (isSynced && !isScheduled && !isOver) {
            isScheduled = true;
            context.schedule(PAUSE, this::tell);
        }
    }

    private void tell() {
        synchronized (telling) {
            SharedIndexInformer<EndpointSlice> present;
            synchronized (this) {
                isScheduled = false;
                present = informer;
                if (isOver || present == null || isSilent) {
                    return;
                }
            }
            try {
                Entries entries = discovery.entries(present.getStore().list());
                if (entries.equals(Entries.NONE)) {
                    Optional<Entries> external = discovery.external();
                    entries = external.orElse(entries);
                }
                listener.onEndpoints(entries.endpoints(), entries.leftOut());
            } catch (IOException | RuntimeException e) {
                listener.onError(KubernetesDiscovery.failure(e));
            }
        }
    }

    private void finish(Throwable reason) {
        if (close()) {
            discovery.letGo(client);
            listener.onEnd(KubernetesDiscovery.failure(reason));
        }
    }

    /**
     * Ends the watch in silence.
     *
     * @return false if it had ended already
     */
    boolean close() {
        SharedIndexInformer<EndpointSlice> open;
        synchronized (this) {
            if (isOver) {
                return false;
            }
            isOver = true;
            open = informer;
        }
        if (open != null) {
            open.stop();
        }
        return true;
    }
}
