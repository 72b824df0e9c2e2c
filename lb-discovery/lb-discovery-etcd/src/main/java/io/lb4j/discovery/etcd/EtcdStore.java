package io.lb4j.discovery.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.lb4j.discovery.LeasedLock;
import io.lb4j.discovery.StoreRules;
import io.lb4j.spi.SharedStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shared store on etcd: revisions are etcd's, leases too. A lock is a key that whoever takes it has created under a lease; the revision of
 * its creation is the fence, and a fenced write compares it in the same transaction. Thread-safe.
 */
final class EtcdStore implements SharedStore {
    private static final Logger LOGGER = LoggerFactory.getLogger(EtcdStore.class);
    private static final long SHORTEST_TERM = 2; // etcd's own least, by its default times
    private static final long ABSENT = 0; // what etcd compares a key with that is not there

    private final EtcdConnection connection;
    private final EtcdLeases leases;
    private final String values;
    private final String locks;

    EtcdStore(EtcdConnection connection, String prefix) {
        this.connection = connection;
        this.leases = new EtcdLeases(connection);
        values = prefix + "values/";
        locks = prefix + "locks/";
    }

    private ByteSequence keyOf(String key) {
        return EtcdConnection.bytes(values + StoreRules.requireKey(key));
    }

    private static ByteSequence valueOf(byte[] value) {
        return ByteSequence.from(StoreRules.requireValue(value));
    }

    private Optional<KeyValue> read(ByteSequence key) throws IOException {
        return connection.ask("read " + key, client -> client.getKVClient().get(key)).getKvs().stream()
                .findFirst();
    }

    @Override
    public Optional<Entry> get(String key) throws IOException {
        return read(keyOf(key)).map(pair -> new Entry(pair.getValue().getBytes(), pair.getModRevision()));
    }

    @Override
    public List<String> keys(String prefix) throws IOException {
        GetOption keysOnly = GetOption.builder()
                .isPrefix(true)
                .withKeysOnly(true)
                .withSortField(GetOption.SortTarget.KEY)
                .withSortOrder(GetOption.SortOrder.ASCEND)
                .build();
        return connection
                .ask(
                        "read " + values + prefix,
                        client -> client.getKVClient().get(EtcdConnection.bytes(values + prefix), keysOnly))
                .getKvs()
                .stream()
                .map(pair -> pair.getKey().toString(StandardCharsets.UTF_8).substring(values.length()))
                .toList();
    }

    @Override
    public long put(String key, byte[] value) throws IOException {
        ByteSequence place = keyOf(key);
        ByteSequence content = valueOf(value);
        return connection
                .ask("write " + place, client -> client.getKVClient().put(place, content))
                .getHeader()
                .getRevision();
    }

    @Override
    public Optional<Long> putIf(String key, byte[] value, long expectedRevision) throws IOException {
        ByteSequence place = keyOf(key);
        Cmp unchanged = new Cmp(place, Cmp.Op.EQUAL, CmpTarget.modRevision(expectedRevision));
        return writeIf(unchanged, Op.put(place, valueOf(value), PutOption.DEFAULT));
    }

    private Optional<Long> writeIf(Cmp condition, Op write) throws IOException {
        TxnResponse response = connection.ask(
                "write below " + values,
                client -> client.getKVClient().txn().If(condition).Then(write).commit());
        return response.isSucceeded() ? Optional.of(response.getHeader().getRevision()) : Optional.empty();
    }

    @Override
    public Lease putLeased(String key, byte[] value, Duration timeToLive) throws IOException {
        ByteSequence place = keyOf(key);
        ByteSequence content = valueOf(value);
        long lease = leases.grant(StoreRules.seconds(timeToLive, SHORTEST_TERM));
        PutOption leased = PutOption.builder().withLeaseId(lease).build();
        connection.ask("write " + place, client -> client.getKVClient().put(place, content, leased));
        return new EtcdLease(place, lease);
    }

    @Override
    public boolean remove(String key) throws IOException {
        ByteSequence place = keyOf(key);
        return connection
                        .ask("remove " + place, client -> client.getKVClient().delete(place))
                        .getDeleted()
                > 0;
    }

    @Override
    public Optional<Lock> tryLock(String name, Duration timeToLive) throws IOException {
        long seconds = StoreRules.seconds(timeToLive, SHORTEST_TERM);
        ByteSequence place = lockKey(name);
        if (read(place).isPresent()) {
            return Optional.empty(); // most often so: no lease is spent on it
        }
        long lease = leases.grant(seconds);
        Cmp free = new Cmp(place, Cmp.Op.EQUAL, CmpTarget.createRevision(ABSENT));
        PutOption leased = PutOption.builder().withLeaseId(lease).build();
        Optional<Long> fence = writeIf(free, Op.put(place, ByteSequence.EMPTY, leased));
        if (fence.isEmpty()) {
            leases.revoke(lease);
        }
        return fence.map(revision -> new LeasedLock(new EtcdLease(place, lease), name, revision));
    }

    private ByteSequence lockKey(String name) {
        return EtcdConnection.bytes(locks + StoreRules.requireKey(name));
    }

    @Override
    public boolean putFenced(String key, byte[] value, Lock lock) throws IOException {
        Cmp held = new Cmp(lockKey(lock.name()), Cmp.Op.EQUAL, CmpTarget.createRevision(lock.fence()));
        return writeIf(held, Op.put(keyOf(key), valueOf(value), PutOption.DEFAULT))
                .isPresent();
    }

    @Override
    public void close() {
        connection.close();
    }

    private final class EtcdLease implements Lease {
        private final ByteSequence place;
        private final long lease;

        EtcdLease(ByteSequence place, long lease) {
            this.place = place;
            this.lease = lease;
        }

        @Override
        public boolean renew() throws IOException {
            // The key may have been written anew, without the lease, which goes on.
            return leases.renew(lease)
                    && read(place).filter(pair -> pair.getLease() == lease).isPresent();
        }

        @Override
        public void close() {
            try {
                leases.revoke(lease);
            } catch (IOException e) {
                LOGGER.warn("{} is not given up, and runs out: {}", place, e.toString());
            }
        }
    }
}
