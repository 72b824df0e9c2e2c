package io.lb4j.discovery;

import io.lb4j.spi.SharedStore;
import java.io.IOException;

/**
 * A lock of a registry: a lease with a name and a fencing number. As thread-safe as its lease.
 *
 * @param lease that ends the lock with it
 * @param name of the lock
 * @param fence larger than those of all who held the lock before
 */
public record LeasedLock(SharedStore.Lease lease, String name, long fence) implements SharedStore.Lock {
    @Override
    public boolean renew() throws IOException {
        return lease.renew();
    }

    @Override
    public void close() {
        lease.close();
    }
}
