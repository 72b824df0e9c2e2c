package io.lb4j.discovery.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.lb4j.discovery.EndpointTable;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One watch of a prefix, until something ends it. jetcd would resume it by itself, from where it was; a new list says what is there. */
final class EtcdWatch implements Watch.Listener {
    private final EtcdDiscovery discovery;
    private final DiscoveryContext context;
    private final Discovery.Listener listener;
    private final EndpointTable table;
    private @Nullable Client client; // guarded by this, as all below
    private Watch.@Nullable Watcher watcher;
    private boolean isOver;

    EtcdWatch(EtcdDiscovery discovery, DiscoveryContext context, Discovery.Listener listener, EndpointTable table) {
        this.discovery = discovery;
        this.context = context;
        this.listener = listener;
        this.table = table;
    }

    /** Lists, and watches from there on. */
    void begin() {
        try {
            EtcdDiscovery.Listing listing = discovery.list();
            table.replace(listing.entries());
            open(discovery.connection().client(), listing.revision() + 1);
        } catch (IOException e) {
            finish(e);
        }
    }

    private synchronized void open(Client asked, long revision) {
        if (isOver) {
            return;
        }
        client = asked;
        WatchOption option = WatchOption.builder()
                .isPrefix(true)
                .withRevision(revision)
                .withRequireLeader(true)
                .build();
        watcher = asked.getWatchClient().watch(EtcdConnection.bytes(discovery.prefix()), option, this);
    }

    @Override
    public void onNext(WatchResponse response) {
        for (WatchEvent event : response.getEvents()) {
            String key = EtcdDiscovery.keyOf(event.getKeyValue());
            if (event.getEventType() == WatchEvent.EventType.DELETE) {
                table.remove(key);
            } else {
                table.put(key, discovery.read(event.getKeyValue()));
            }
        }
    }

    @Override
    public void onError(Throwable reason) {
        // Not here: jetcd has its lock, and goes on with the watcher when this returns.
        context.executor().execute(() -> fail(reason));
    }

    @Override
    public void onCompleted() {
        onError(new IOException("the watch has ended"));
    }

    private void fail(Throwable reason) {
        Client failed;
        synchronized (this) {
            if (isOver) {
                return; // it was closed: the client that others use too is as good as before
            }
            failed = client;
        }
        String what = "watch " + discovery.prefix();
        if (failed == null) {
            finish(new IOException(discovery.connection() + ": " + what, reason));
        } else {
            finish(discovery.connection().failure(failed, what, reason));
        }
    }

    private void finish(IOException reason) {
        if (close()) {
            listener.onEnd(reason);
        }
    }

    /**
     * Ends the watch in silence.
     *
     * @return false if it had ended already
     */
    boolean close() {
        Watch.Watcher open;
        synchronized (this) {
            if (isOver) {
                return false;
            }
            isOver = true;
            open = watcher;
        }
        if (open != null) {
            open.close();
        }
        return true;
    }
}
