package io.lb4j.spi;

import io.lb4j.testkit.time.FakeClock;
import java.time.Duration;

final class MemoryStoreTest extends SharedStoreContract {
    private final FakeClock clock = FakeClock.create();
    private final SharedStore store = SharedStores.inMemory(clock.nanoSource());

    @Override
    protected SharedStore store() {
        return store;
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }
}
