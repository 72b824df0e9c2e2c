package io.lb4j.spi;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A small store that the instances of a fleet have in common: keys and values, written by compare-and-set, with leases and a fenced lock.
 * Implemented by discovery modules (etcd, Consul, Kubernetes) and in memory.
 *
 * <p>Keys are paths such as {@code acme/certificates/example.com}; values are at most 512 KiB. Thread-safe. All methods may block; none
 * is called on an event loop. An {@link IOException} means that the store could not be asked: whether a write took effect is then unknown.
 */
public interface SharedStore extends AutoCloseable {
    /**
     * Returns what is stored under a key.
     *
     * @throws IOException if the store cannot be asked
     */
    Optional<Entry> get(String key) throws IOException;

    /**
     * Returns the keys that begin with a prefix, sorted.
     *
     * @throws IOException if the store cannot be asked
     */
    List<String> keys(String prefix) throws IOException;

    /**
     * Stores a value whatever was there before.
     *
     * @return the entry's new revision
     * @throws IOException if the store cannot be asked
     */
    long put(String key, byte[] value) throws IOException;

    /**
     * Stores a value if the entry is still at a revision.
     *
     * @param expectedRevision of {@link Entry#revision()}; 0 if there must be no entry
     * @return the new revision, or empty if the entry was at another
     * @throws IOException if the store cannot be asked
     */
    Optional<Long> putIf(String key, byte[] value, long expectedRevision) throws IOException;

    /**
     * Stores a value that goes away by itself when it is not renewed in time: by {@link Lease#renew()}.
     *
     * @throws IOException if the store cannot be asked
     */
    Lease putLeased(String key, byte[] value, Duration timeToLive) throws IOException;

    /**
     * Removes an entry.
     *
     * @return whether there was one
     * @throws IOException if the store cannot be asked
     */
    boolean remove(String key) throws IOException;

    /**
     * Takes a lock if it is free. Its holder may be stopped for longer than the lease without knowing, so whoever writes under the lock
     * passes the {@linkplain Lock#fence() fencing number} along, and what is written to refuses numbers lower than one it has seen.
     *
     * @param timeToLive after which the lock is free again unless it was renewed
     * @return empty if somebody else holds it
     * @throws IOException if the store cannot be asked
     */
    Optional<Lock> tryLock(String name, Duration timeToLive) throws IOException;

    /**
     * Stores a value if a lock is still held: the write is refused once somebody else has taken it.
     *
     * @return whether it was stored
     * @throws IOException if the store cannot be asked
     */
    boolean putFenced(String key, byte[] value, Lock lock) throws IOException;

    /** Lets go of connections. Leases run out by themselves. */
    @Override
    void close();

    /** What is stored under a key. Immutable. */
    final class Entry {
        private final byte[] value;
        private final long revision;

        /** Creates an entry; the value is copied. */
        public Entry(byte[] value, long revision) {
            this.value = value.clone();
            this.revision = revision;
        }

        /** Returns a copy of the value. */
        public byte[] value() {
            return value.clone();
        }

        /** Returns a number that grows with every change of the key. */
        public long revision() {
            return revision;
        }
    }

    /** A value that has to be renewed. */
    interface Lease extends AutoCloseable {
        /**
         * Begins its time anew.
         *
         * @return false if it had run out
         * @throws IOException if the store cannot be asked
         */
        boolean renew() throws IOException;

        /** Gives it up now, as far as the store can be reached. */
        @Override
        void close();
    }

    /** A lock that is held. */
    interface Lock extends Lease {
        /** Returns the name of the lock. */
        String name();

        /** Returns a number that is greater than that of every earlier holder. */
        long fence();
    }
}
