package io.lb4j.discovery.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.OptionsUtil;
import io.lb4j.config.Settings;
import io.lb4j.discovery.EndpointJson;
import io.lb4j.discovery.EndpointTable;
import io.lb4j.discovery.Entries;
import io.lb4j.discovery.EntryReader;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints under a prefix of etcd's keys: listed once, then watched from the revision of the list on. Whatever ends the watch (an outage,
 * a compaction past its revision) has core begin another, with another list. Thread-safe.
 */
final class EtcdDiscovery implements Discovery {
    private static final int PAGE = 2000;

    private final EtcdConnection connection;
    private final String prefix;
    private final EntryReader reader;
    private @Nullable EtcdWatch watch; // guarded by this
    private boolean isClosed; // guarded by this

    /** The entries at a revision of the whole store. */
    record Listing(Map<String, Entries> entries, long revision) {}

    EtcdDiscovery(Settings settings) {
        connection = EtcdConnection.open(settings);
        prefix = settings.value(EtcdOptions.PREFIX) + settings.value(EtcdOptions.SERVICE) + "/";
        reader = new EntryReader(connection.toString());
    }

    EtcdConnection connection() {
        return connection;
    }

    String prefix() {
        return prefix;
    }

    @Override
    public List<Endpoint> discover() throws IOException {
        return Entries.join(list().entries.values()).endpoints();
    }

    /** Lists all entries, in pages, at one revision. */
    Listing list() throws IOException {
        Map<String, Entries> entries = new LinkedHashMap<>();
        ByteSequence end = OptionsUtil.prefixEndOf(EtcdConnection.bytes(prefix));
        ByteSequence from = EtcdConnection.bytes(prefix);
        long revision = 0;
        boolean hasMore = true;
        while (hasMore) {
            GetOption page = GetOption.builder()
                    .withRange(end)
                    .withLimit(PAGE)
                    .withRevision(revision)
                    .build();
            ByteSequence first = from;
            GetResponse response = connection.ask(
                    "read " + prefix, client -> client.getKVClient().get(first, page));
            revision = revision == 0 ? response.getHeader().getRevision() : revision;
            List<KeyValue> pairs = response.getKvs();
            pairs.forEach(pair -> entries.put(keyOf(pair), read(pair)));
            hasMore = response.isMore() && !pairs.isEmpty();
            if (hasMore) {
                from = pairs.get(pairs.size() - 1).getKey().concat(ByteSequence.from(new byte[1]));
            }
        }
        return new Listing(entries, revision);
    }

    static String keyOf(KeyValue pair) {
        return pair.getKey().toString(StandardCharsets.UTF_8);
    }

    Entries read(KeyValue pair) {
        return reader.read(keyOf(pair), () -> EndpointJson.parse(pair.getValue().toString(StandardCharsets.UTF_8)));
    }

    @Override
    public void watch(DiscoveryContext context, Listener listener) {
        EtcdWatch next = new EtcdWatch(this, context, listener, new EndpointTable(context, listener));
        EtcdWatch former;
        synchronized (this) {
            former = watch;
            watch = next;
            if (isClosed) {
                return;
            }
        }
        if (former != null) {
            former.close();
        }
        next.begin();
    }

    @Override
    public void close() {
        EtcdWatch last;
        synchronized (this) {
            isClosed = true;
            last = watch;
        }
        if (last != null) {
            last.close();
        }
        connection.close();
    }
}
