package io.lb4j.acme.storage;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a copy of certificates nearby, for a start while the storage is away. The copy is asked for nothing that the storage has answered since the
 * start: what is held is newer then, or the same. Thread-safe, as both storages are.
 */
final class CopiedStorage implements AcmeStorage {
    private static final Logger logger = LoggerFactory.getLogger(CopiedStorage.class);
    private static final String CERTIFICATES = "certificates/";

    private final AcmeStorage storage;
    private final AcmeStorage copy;
    private final Map<String, byte[]> copied = new ConcurrentHashMap<>(); // what the storage has answered with

    CopiedStorage(AcmeStorage storage, AcmeStorage copy) {
        this.storage = storage;
        this.copy = copy;
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        if (!key.startsWith(CERTIFICATES)) {
            return storage.read(key);
        }
        Optional<byte[]> value;
        try {
            value = storage.read(key);
        } catch (IOException e) {
            return Optional.of(remembered(key, e));
        }
        follow(key, value);
        return value;
    }

    private byte[] remembered(String key, IOException reason) throws IOException {
        Optional<byte[]> value = copied.containsKey(key) ? Optional.empty() : copy.read(key);
        if (value.isEmpty()) {
            throw reason;
        }
        logger.warn("{}: taken from the copy, since the storage cannot be asked: {}", key, reason.toString());
        return value.get();
    }

    /** Brings the copy to what the storage has. A disk that is full is no reason to serve nothing. */
    private void follow(String key, Optional<byte[]> value) {
        try {
            if (value.isEmpty()) {
                copied.remove(key);
                copy.remove(key);
            } else if (!Arrays.equals(value.get(), copied.put(key, value.get()))) {
                copy.write(key, value.get());
            }
        } catch (IOException e) {
            logger.warn("{}: not copied: {}", key, e.toString());
        }
    }

    @Override
    public void write(String key, byte[] value) throws IOException {
        storage.write(key, value);
    }

    @Override
    public boolean remove(String key) throws IOException {
        return storage.remove(key);
    }

    @Override
    public List<String> keys(String prefix) throws IOException {
        return storage.keys(prefix);
    }

    @Override
    public Optional<Hold> tryLock(String name, Duration timeToLive) throws IOException {
        return storage.tryLock(name, timeToLive);
    }

    @Override
    public boolean isShared() {
        return storage.isShared();
    }
}
