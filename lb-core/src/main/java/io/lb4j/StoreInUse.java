package io.lb4j;

import io.lb4j.config.Part;
import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStores;
import java.util.Optional;

/**
 * The shared store of a balancer. Immutable.
 *
 * @param store the store
 * @param isOwn whether it was made for this balancer, and ends with it
 */
record StoreInUse(SharedStore store, boolean isOwn) implements AutoCloseable {
    static StoreInUse of(Optional<Part> asked) {
        if (asked.isEmpty()) {
            return new StoreInUse(SharedStores.inMemory(), true);
        }
        Part part = asked.get();
        return new StoreInUse(part.create(SharedStore.class), part.settings().isPresent());
    }

    @Override
    public void close() {
        if (isOwn) {
            store.close();
        }
    }
}
