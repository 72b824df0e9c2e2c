package io.lb4j.acme.storage;

import io.lb4j.spi.SharedStore;
import java.nio.file.Path;

/** The storages that this module brings. */
public final class AcmeStorages {
    private AcmeStorages() {}

    /**
     * Keeps each value in a file, with the rights 0600 in folders with 0700. A file is written beside its place, forced to disk, and renamed
     * into place. Locks are the operating system's, on files below {@code locks}: they hold among the processes of one machine, and end with
     * their process, however it ends. For several machines, {@link #shared} is right, and a network file system is not.
     *
     * @param folder made where it is missing
     */
    public static AcmeStorage files(Path folder) {
        return new FileStorage(folder);
    }

    /** Keeps everything in memory: for trials. Locks do not run out. */
    public static AcmeStorage inMemory() {
        return new MemoryStorage();
    }

    /**
     * Keeps everything in a store that the instances of a fleet have in common: of them, one orders, and all serve.
     *
     * @param prefix before every key: {@code acme/}; ends with a slash
     */
    public static AcmeStorage shared(SharedStore store, String prefix) {
        return new SharedStorage(store, prefix);
    }

    /**
     * Keeps a copy of the certificates of a storage that may be away when a process starts, so that they are served from the first handshake on
     * all the same: {@code copied(shared(store, "acme/"), files(folder))}. Nothing is ordered by it: that takes the storage itself.
     *
     * @param copy for this process alone
     */
    public static AcmeStorage copied(AcmeStorage storage, AcmeStorage copy) {
        return new CopiedStorage(storage, copy);
    }

    /**
     * Encrypts what another storage keeps, with AES-256 in GCM, each value under its own nonce and bound to its key; keys are left readable.
     *
     * @param secret 32 octets; copied
     * @throws IllegalArgumentException if the secret has another length
     */
    public static AcmeStorage encrypted(AcmeStorage storage, byte[] secret) {
        return new EncryptedStorage(storage, secret);
    }
}
