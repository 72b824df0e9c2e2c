package io.lb4j.acme.storage;

import io.lb4j.spi.SharedStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A storage over a store that a fleet shares. Thread-safe, as the store is; its locks are fenced. */
final class SharedStorage implements AcmeStorage {
    private final SharedStore store;
    private final String prefix;

    SharedStorage(SharedStore store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    private String place(String key) {
        StorageKey.segments(key);
        return prefix + key;
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        return store.get(place(key)).map(SharedStore.Entry::value);
    }

    @Override
    public void write(String key, byte[] value) throws IOException {
        store.put(place(key), value);
    }

    @Override
    public boolean remove(String key) throws IOException {
        return store.remove(place(key));
    }

    @Override
    public List<String> keys(String below) throws IOException {
        StorageKey.prefix(below);
        return store.keys(prefix + below).stream()
                .map(key -> key.substring(prefix.length()))
                .toList();
    }

    @Override
    public Optional<Hold> tryLock(String name, Duration timeToLive) throws IOException {
        return store.tryLock(place("locks/" + name), timeToLive).map(SharedHold::new);
    }

    @Override
    public boolean isShared() {
        return true;
    }

    /** A lock that is held until its lease runs out. */
    private final class SharedHold implements Hold {
        private final SharedStore.Lock lock;

        SharedHold(SharedStore.Lock lock) {
            this.lock = lock;
        }

        @Override
        public boolean renew() throws IOException {
            return lock.renew();
        }

        @Override
        public boolean write(String key, byte[] value) throws IOException {
            return store.putFenced(place(key), value, lock);
        }

        @Override
        public void close() {
            lock.close();
        }
    }
}
