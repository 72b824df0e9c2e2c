package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.lb4j.spi.ManagedCertificates;
import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStores;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store that takes its time: what it is asked now and then must not keep locks from being renewed. */
final class SlowStoreTest {
    private static final int PATIENCE_SECONDS = 60;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);

    @AfterEach
    void close() {
        answered.countDown();
        scheduler.shutdownNow();
    }

    /** Answers as to what other instances have obtained when the test says so. */
    private final class Slow implements SharedStore {
        private final SharedStore store = SharedStores.inMemory(System::nanoTime);

        @Override
        public Optional<Entry> get(String key) throws IOException {
            if (key.endsWith("version")) {
                asked.countDown();
                try {
                    answered.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return store.get(key);
        }

        @Override
        public List<String> keys(String prefix) throws IOException {
            return store.keys(prefix);
        }

        @Override
        public long put(String key, byte[] value) throws IOException {
            return store.put(key, value);
        }

        @Override
        public Optional<Long> putIf(String key, byte[] value, long expectedRevision) throws IOException {
            return store.putIf(key, value, expectedRevision);
        }

        @Override
        public Lease putLeased(String key, byte[] value, Duration timeToLive) throws IOException {
            return store.putLeased(key, value, timeToLive);
        }

        @Override
        public boolean remove(String key) throws IOException {
            return store.remove(key);
        }

        @Override
        public Optional<Lock> tryLock(String name, Duration timeToLive) throws IOException {
            return store.tryLock(name, timeToLive);
        }

        @Override
        public boolean putFenced(String key, byte[] value, Lock lock) throws IOException {
            return store.putFenced(key, value, lock);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private final class Given implements ManagedCertificates.Context {
        private final SharedStore store = new Slow();

        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }

        @Override
        public ScheduledExecutorService scheduler() {
            return scheduler;
        }

        @Override
        public Optional<SharedStore> store() {
            return Optional.of(store);
        }

        @Override
        public void report(String name, String message) {}

        @Override
        public void reportFailure(String name, String message, Throwable cause) {}
    }

    @Test
    void isLookedAtBesideTheThreadThatRenewsLocks() throws Exception {
        Acme acme = Acme.letsEncrypt("admin@example.com").domains("a.test");
        acme.open(new Given());
        try {
            assertThat(asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThatCode(() -> scheduler.submit(() -> {}).get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .doesNotThrowAnyException();
        } finally {
            answered.countDown();
            acme.close();
        }
    }
}
