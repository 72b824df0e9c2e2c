package io.lb4j.acme.storage;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A storage in one process's memory. Thread-safe by one monitor. */
final class MemoryStorage implements AcmeStorage {
    private final TreeMap<String, byte[]> values = new TreeMap<>(); // guarded by this
    private final Map<String, MemoryHold> locks = new HashMap<>(); // guarded by this

    @Override
    public synchronized Optional<byte[]> read(String key) {
        return Optional.ofNullable(values.get(key)).map(byte[]::clone);
    }

    @Override
    public synchronized void write(String key, byte[] value) {
        StorageKey.segments(key);
        values.put(key, value.clone());
    }

    @Override
    public synchronized boolean remove(String key) {
        return values.remove(key) != null;
    }

    @Override
    public synchronized List<String> keys(String prefix) {
        StorageKey.prefix(prefix);
        return values.tailMap(prefix, true).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .toList();
    }

    @Override
    public synchronized Optional<Hold> tryLock(String name, Duration timeToLive) {
        StorageKey.segments(name);
        MemoryHold hold = new MemoryHold(name);
        return locks.putIfAbsent(name, hold) == null ? Optional.of(hold) : Optional.empty();
    }

    /** A lock that is held. */
    private final class MemoryHold implements Hold {
        private final String name;

        MemoryHold(String name) {
            this.name = name;
        }

        @Override
        public boolean renew() {
            synchronized (MemoryStorage.this) {
                return locks.get(name) == this;
            }
        }

        @Override
        public boolean write(String key, byte[] value) {
            synchronized (MemoryStorage.this) {
                if (!renew()) {
                    return false;
                }
                MemoryStorage.this.write(key, value);
                return true;
            }
        }

        @Override
        public void close() {
            synchronized (MemoryStorage.this) {
                locks.remove(name, this);
            }
        }
    }
}
