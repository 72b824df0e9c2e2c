package io.lb4j.discovery.consul;

import io.lb4j.config.Settings;
import io.lb4j.discovery.LeasedLock;
import io.lb4j.discovery.StoreRules;
import io.lb4j.spi.SharedStore;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.kiwiproject.consul.ConsulException;
import org.kiwiproject.consul.model.kv.ImmutableOperation;
import org.kiwiproject.consul.model.kv.Operation;
import org.kiwiproject.consul.model.kv.Value;
import org.kiwiproject.consul.model.kv.Verb;
import org.kiwiproject.consul.option.ConsistencyMode;
import org.kiwiproject.consul.option.ImmutablePutOptions;
import org.kiwiproject.consul.option.ImmutableQueryOptions;
import org.kiwiproject.consul.option.PutOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shared store on Consul's keys and values: revisions are Consul's indexes, leases its sessions. A leased value is a key that a session
 * holds and takes along; a lock is a key that a session holds and lets go. The index at which a lock was taken is its fence: whatever happens
 * to the lock changes that index, and a fenced write compares it in the same transaction. Thread-safe.
 */
final class ConsulStore implements SharedStore {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConsulStore.class);
    // In transactions the client takes texts for values, not octets: what was written so carries this flag.
    private static final long AS_TEXT = 0x6c623634L;
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    private final ConsulConnection connection;
    private final ConsulSessions sessions;
    private final String values;
    private final String locks;

    ConsulStore(ConsulConnection connection, Settings settings) {
        this.connection = connection;
        sessions = new ConsulSessions(connection, settings.value(ConsulOptions.SHORTEST_SESSION));
        values = settings.value(ConsulOptions.PREFIX) + "values/";
        locks = settings.value(ConsulOptions.PREFIX) + "locks/";
    }

    private String place(String key) {
        return values + StoreRules.requireKey(key);
    }

    private Optional<Value> read(String place) throws IOException {
        ImmutableQueryOptions exact = ImmutableQueryOptions.builder()
                .consistencyMode(ConsistencyMode.CONSISTENT)
                .build();
        return connection.ask("read " + place, client -> client.keyValueClient().getValue(place, exact));
    }

    /** What carries the flag may have been written by somebody else. */
    private byte[] content(Value value) throws IOException {
        try {
            byte[] stored = value.getValueAsBytes().orElse(new byte[0]);
            return value.getFlags() == AS_TEXT ? Base64.getDecoder().decode(stored) : stored;
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    connection + ": " + value.getKey() + ": the value cannot be read (expected: base64)", e);
        }
    }

    @Override
    public Optional<Entry> get(String key) throws IOException {
        Value value = read(place(key)).orElse(null);
        return value == null ? Optional.empty() : Optional.of(new Entry(content(value), value.getModifyIndex()));
    }

    @Override
    public List<String> keys(String prefix) throws IOException {
        return connection.ask("list " + values + prefix, client -> {
            try {
                return client.keyValueClient().getKeys(values + prefix).stream()
                        .map(key -> key.substring(values.length()))
                        .sorted()
                        .toList();
            } catch (ConsulException e) {
                if (e.hasCode() && e.getCode() == NOT_FOUND) {
                    return List.of();
                }
                throw e;
            }
        });
    }

    @Override
    public long put(String key, byte[] value) throws IOException {
        String place = place(key);
        StoreRules.requireValue(value);
        boolean isLeased = read(place).flatMap(Value::getSession).isPresent();
        if (isLeased) {
            replace(place, value, List.of());
        } else {
            write(place, value, ImmutablePutOptions.builder().build());
        }
        return revision(place, value);
    }

    /** Writes a value that is nobody's lease, whatever was there; false if a condition does not hold. */
    private boolean replace(String place, byte[] value, List<Operation> conditions) throws IOException {
        List<Operation> operations = new ArrayList<>(conditions);
        operations.add(ImmutableOperation.builder(Verb.DELETE).key(place).build());
        operations.add(set(place, value));
        return commit(place, operations);
    }

    private static Operation set(String place, byte[] value) {
        return ImmutableOperation.builder(Verb.SET)
                .key(place)
                .flags(AS_TEXT)
                .value(Base64.getEncoder().encodeToString(value))
                .build();
    }

    private boolean commit(String place, List<Operation> operations) throws IOException {
        return connection.ask("write " + place, client -> {
            try {
                client.keyValueClient().performTransaction(operations.toArray(Operation[]::new));
                return true;
            } catch (ConsulException e) {
                if (e.hasCode() && e.getCode() == CONFLICT) {
                    return false;
                }
                throw e;
            }
        });
    }

    private boolean write(String place, byte[] value, PutOptions options) throws IOException {
        return connection.ask(
                "write " + place, client -> client.keyValueClient().putValue(place, value, 0, options));
    }

    /** Consul does not tell at which index it wrote. Where somebody else has written since, the index before his will do: it fits nothing. */
    private long revision(String place, byte[] value) throws IOException {
        Value found = read(place).orElse(null);
        if (found == null) {
            return 1;
        }
        return Arrays.equals(content(found), value) ? found.getModifyIndex() : found.getModifyIndex() - 1;
    }

    @Override
    public Optional<Long> putIf(String key, byte[] value, long expectedRevision) throws IOException {
        String place = place(key);
        StoreRules.requireValue(value);
        boolean isLeased =
                expectedRevision > 0 && read(place).flatMap(Value::getSession).isPresent();
        boolean isWritten = isLeased
                ? replace(place, value, List.of(unchanged(place, expectedRevision)))
                : write(
                        place,
                        value,
                        ImmutablePutOptions.builder().cas(expectedRevision).build());
        return isWritten ? Optional.of(revision(place, value)) : Optional.empty();
    }

    private static Operation unchanged(String place, long index) {
        return ImmutableOperation.builder(Verb.CHECK_INDEX)
                .key(place)
                .index(BigInteger.valueOf(index))
                .build();
    }

    @Override
    public Lease putLeased(String key, byte[] value, Duration timeToLive) throws IOException {
        String place = place(key);
        StoreRules.requireValue(value);
        String session = sessions.create(timeToLive, ConsulSessions.Ending.TAKES_KEYS_ALONG);
        if (!acquire(place, value, session)) {
            remove(key); // another session holds it
            if (!acquire(place, value, session)) {
                sessions.destroy(session);
                throw new IOException(connection + ": " + place + " is leased by others again and again");
            }
        }
        return new ConsulLease(place, session);
    }

    private boolean acquire(String place, byte[] value, String session) throws IOException {
        return write(
                place, value, ImmutablePutOptions.builder().acquire(session).build());
    }

    @Override
    public boolean remove(String key) throws IOException {
        String place = place(key);
        boolean isThere = read(place).isPresent();
        connection.ask("remove " + place, client -> {
            client.keyValueClient().deleteKey(place);
            return true;
        });
        return isThere;
    }

    private String lockPlace(String name) {
        return locks + StoreRules.requireKey(name);
    }

    @Override
    public Optional<Lock> tryLock(String name, Duration timeToLive) throws IOException {
        String place = lockPlace(name);
        StoreRules.requireTimeToLive(timeToLive);
        if (read(place).flatMap(Value::getSession).isPresent()) {
            return Optional.empty(); // most often so: no session is spent on it
        }
        String session = sessions.create(timeToLive, ConsulSessions.Ending.LETS_KEYS_GO);
        Optional<Value> taken = acquire(place, new byte[0], session) ? read(place) : Optional.empty();
        Optional<Lock> lock = taken.filter(
                        value -> value.getSession().filter(session::equals).isPresent())
                .map(value -> new LeasedLock(new ConsulLease(place, session), name, value.getModifyIndex()));
        if (lock.isEmpty()) {
            sessions.destroy(session);
        }
        return lock;
    }

    @Override
    public boolean putFenced(String key, byte[] value, Lock lock) throws IOException {
        return replace(
                place(key), StoreRules.requireValue(value), List.of(unchanged(lockPlace(lock.name()), lock.fence())));
    }

    @Override
    public void close() {
        connection.close();
    }

    private final class ConsulLease implements Lease {
        private final String place;
        private final String session;

        ConsulLease(String place, String session) {
            this.place = place;
            this.session = session;
        }

        @Override
        public boolean renew() throws IOException {
            return sessions.renew(session)
                    && read(place)
                            .flatMap(Value::getSession)
                            .filter(session::equals)
                            .isPresent();
        }

        @Override
        public void close() {
            try {
                sessions.destroy(session);
            } catch (IOException e) {
                LOGGER.warn("{} is not given up, and runs out: {}", place, e.toString());
            }
        }
    }
}
