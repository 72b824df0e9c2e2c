package io.lb4j.spi;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A shared store in one process's memory. A leased value is gone when its time is up, whether or not anybody looks; locks live beside the
 * values and cannot be read as such. Thread-safe by one monitor, which is held for a few map operations at the most.
 */
final class MemoryStore implements SharedStore {
    private static final int MAX_VALUE = 512 * 1024;

    private final LongSupplier clock;
    private final TreeMap<String, Held> values = new TreeMap<>(); // guarded by this, as all below
    private final TreeMap<String, Held> locks = new TreeMap<>();
    private long revision;
    private long fence;

    /** A value; or a lock, whose value is empty and whose revision is its fence. */
    private record Held(Entry entry, @Nullable Term term) {
        boolean isOverAt(long nowNanos) {
            return term != null && term.endNanos - nowNanos <= 0;
        }
    }

    /** How long something lasts. Guarded by the store. */
    private static final class Term {
        private final long lengthNanos;
        private long endNanos;

        Term(Duration length, long nowNanos) {
            lengthNanos = requirePositive(length).toNanos();
            endNanos = nowNanos + lengthNanos;
        }

        private static Duration requirePositive(Duration length) {
            if (length.isNegative() || length.isZero()) {
                throw new IllegalArgumentException("time to live: " + length + " (expected: > 0)");
            }
            return length;
        }
    }

    MemoryStore(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Optional<Entry> get(String key) {
        Held held = current(values, key);
        return held == null ? Optional.empty() : Optional.of(held.entry);
    }

    private @Nullable Held current(Map<String, Held> from, String key) {
        Held held = from.get(key);
        if (held != null && held.isOverAt(clock.getAsLong())) {
            from.remove(key);
            return null;
        }
        return held;
    }

    @Override
    public synchronized List<String> keys(String prefix) {
        long now = clock.getAsLong();
        values.values().removeIf(held -> held.isOverAt(now));
        return values.tailMap(prefix, true).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .toList();
    }

    @Override
    public synchronized long put(String key, byte[] value) {
        return store(key, value, null);
    }

    private long store(String key, byte[] value, @Nullable Term term) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key: \"\" (expected: a path)");
        }
        if (value.length > MAX_VALUE) {
            throw new IllegalArgumentException("value: " + value.length + " octets (expected: <= " + MAX_VALUE + ")");
        }
        values.put(key, new Held(new Entry(value, ++revision), term));
        return revision;
    }

    @Override
    public synchronized Optional<Long> putIf(String key, byte[] value, long expectedRevision) {
        Held held = current(values, key);
        long present = held == null ? 0 : held.entry.revision();
        return present == expectedRevision ? Optional.of(store(key, value, null)) : Optional.empty();
    }

    @Override
    public synchronized Lease putLeased(String key, byte[] value, Duration timeToLive) {
        Term term = new Term(timeToLive, clock.getAsLong());
        store(key, value, term);
        return new MemoryLease(values, key, term);
    }

    @Override
    public synchronized boolean remove(String key) {
        boolean there = current(values, key) != null;
        values.remove(key);
        return there;
    }

    @Override
    public synchronized Optional<Lock> tryLock(String name, Duration timeToLive) {
        Term term = new Term(timeToLive, clock.getAsLong());
        if (current(locks, name) != null) {
            return Optional.empty();
        }
        locks.put(name, new Held(new Entry(new byte[0], ++fence), term));
        return Optional.of(new MemoryLock(name, term, fence));
    }

    @Override
    public synchronized boolean putFenced(String key, byte[] value, Lock lock) {
        Held held = current(locks, lock.name());
        if (held == null || held.entry.revision() != lock.fence()) {
            return false;
        }
        store(key, value, null);
        return true;
    }

    @Override
    public void close() {
        // There is no connection to let go of, and other holders go on.
    }

    /** A value or a lock that has to be renewed. */
    private class MemoryLease implements Lease {
        private final Map<String, Held> in;
        private final String key;
        private final Term term;

        MemoryLease(Map<String, Held> in, String key, Term term) {
            this.in = in;
            this.key = key;
            this.term = term;
        }

        private boolean isHeld() {
            Held held = current(in, key);
            return held != null && held.term == term;
        }

        @Override
        public boolean renew() {
            synchronized (MemoryStore.this) {
                if (!isHeld()) {
                    return false;
                }
                term.endNanos = clock.getAsLong() + term.lengthNanos;
                return true;
            }
        }

        @Override
        public void close() {
            synchronized (MemoryStore.this) {
                if (isHeld()) {
                    in.remove(key);
                }
            }
        }
    }

    private final class MemoryLock extends MemoryLease implements Lock {
        private final String name;
        private final long fence;

        MemoryLock(String name, Term term, long fence) {
            super(locks, name, term);
            this.name = name;
            this.fence = fence;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long fence() {
            return fence;
        }
    }
}
