package io.lb4j.spi;

import java.util.function.LongSupplier;

/** Shared stores that need no server. */
public final class SharedStores {
    private SharedStores() {}

    /** Returns an empty store in memory, for one process: what tests want, and a single instance. Its methods do not block. */
    public static SharedStore inMemory() {
        return inMemory(System::nanoTime);
    }

    /**
     * Returns an empty store in memory.
     *
     * @param clock the present in nanoseconds, which leases run out by
     */
    public static SharedStore inMemory(LongSupplier clock) {
        return new MemoryStore(clock);
    }
}
