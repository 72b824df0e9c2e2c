package io.lb4j.acme.storage;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where certificates, keys and accounts are kept. Thread-safe. All methods may block; none is called on an event loop. An {@link IOException}
 * means that the storage could not be asked; whether a write took effect is then unknown.
 *
 * <p>Keys are paths of segments made of {@code a-z 0-9 . _ + -}, with slashes between: {@code certificates/letsencrypt/api.example.com}. Values
 * are a few kilobytes, and secret: a storage keeps them from everybody else. What is read is what was written last, whole: a write that is
 * cut off at any moment leaves the value before it.
 */
public interface AcmeStorage {
    /**
     * Returns what is stored under a key.
     *
     * @throws IOException if the storage cannot be asked
     */
    Optional<byte[]> read(String key) throws IOException;

    /**
     * Stores a value in place of another.
     *
     * @throws IOException if the storage cannot be asked
     */
    void write(String key, byte[] value) throws IOException;

    /**
     * Removes a value.
     *
     * @return whether there was one
     * @throws IOException if the storage cannot be asked
     */
    boolean remove(String key) throws IOException;

    /**
     * Returns the keys that begin with a prefix, which ends with a slash; sorted.
     *
     * @throws IOException if the storage cannot be asked
     */
    List<String> keys(String prefix) throws IOException;

    /**
     * Takes a lock if it is free, so that of all that use this storage one alone orders a certificate.
     *
     * @param name as keys are
     * @param timeToLive after which the lock is free again unless it was renewed; a storage that notices the end of a holder by
     *     other means need not heed it
     * @return empty if somebody else holds it
     * @throws IOException if the storage cannot be asked
     */
    Optional<Hold> tryLock(String name, Duration timeToLive) throws IOException;

    /** Returns whether others may write to it at any time, so that it is looked at again and again. By default: no. */
    default boolean isShared() {
        return false;
    }

    /** A lock that is held. Thread-safe. */
    interface Hold extends AutoCloseable {
        /**
         * Begins its time anew.
         *
         * @return false if it had run out, and somebody else may hold it
         * @throws IOException if the storage cannot be asked
         */
        boolean renew() throws IOException;

        /**
         * Stores a value if the lock is still held.
         *
         * @return whether it was stored
         * @throws IOException if the storage cannot be asked
         */
        boolean write(String key, byte[] value) throws IOException;

        /** Gives it up, as far as the storage can be reached. */
        @Override
        void close();
    }
}
