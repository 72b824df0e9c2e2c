package io.lb4j.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every {@link SharedStore} keeps to: one in memory, and those of registries, whose tests extend this class. */
public abstract class SharedStoreContract {
    /** For subclasses. */
    protected SharedStoreContract() {}

    /** Returns the store to test; keys of this class begin with {@code contract/}, and are not there yet. */
    protected abstract SharedStore store();

    /** Lets time pass, for the store's leases: by its clock, or in earnest. */
    protected abstract void pass(Duration time) throws InterruptedException;

    /** Returns how long leases are to last: long enough for the store to keep to it, and no longer than a test may take. */
    protected Duration term() {
        return Duration.ofSeconds(10);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String valueOf(String key) throws IOException {
        return store().get(key)
                .map(entry -> new String(entry.value(), StandardCharsets.UTF_8))
                .orElse("");
    }

    @Test
    void keepsWhatIsPutAndForgetsWhatIsRemoved() throws IOException {
        assertThat(store().get("contract/put/a")).isEmpty();
        long first = store().put("contract/put/a", octets("one"));
        long second = store().put("contract/put/a", octets("two"));

        assertThat(second).isGreaterThan(first);
        assertThat(valueOf("contract/put/a")).isEqualTo("two");
        assertThat(store().get("contract/put/a").map(SharedStore.Entry::revision))
                .contains(second);
        assertThat(store().remove("contract/put/a")).isTrue();
        assertThat(store().remove("contract/put/a")).isFalse();
        assertThat(store().get("contract/put/a")).isEmpty();
    }

    @Test
    void listsTheKeysUnderAPrefixInOrder() throws IOException {
        store().put("contract/keys/b", octets("1"));
        store().put("contract/keys/a", octets("1"));
        store().put("contract/keysother", octets("1"));

        assertThat(store().keys("contract/keys/")).containsExactly("contract/keys/a", "contract/keys/b");
        assertThat(store().keys("contract/keys/none")).isEmpty();
    }

    @Test
    void comparesAndSets() throws IOException {
        Optional<Long> created = store().putIf("contract/cas/a", octets("one"), 0);
        assertThat(created).isPresent();
        assertThat(store().putIf("contract/cas/a", octets("again"), 0)).isEmpty();
        Optional<Long> changed = store().putIf("contract/cas/a", octets("two"), created.orElseThrow());
        assertThat(changed).isPresent();
        assertThat(store().putIf("contract/cas/a", octets("late"), created.orElseThrow()))
                .isEmpty();
        assertThat(valueOf("contract/cas/a")).isEqualTo("two");

        store().remove("contract/cas/a");
        assertThat(store().putIf("contract/cas/a", octets("late"), changed.orElseThrow()))
                .isEmpty();
    }

    @Test
    void oneOfManyWritersWinsEachRound() throws Exception {
        int writers = 8;
        int rounds = 20;
        AtomicInteger won = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        try {
            for (int round = 0; round < rounds; round++) {
                String key = "contract/race/" + round;
                CountDownLatch done = new CountDownLatch(writers);
                for (int i = 0; i < writers; i++) {
                    pool.execute(() -> {
                        try {
                            if (store().putIf(key, octets("mine"), 0).isPresent()) {
                                won.incrementAndGet();
                            }
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        } finally {
                            done.countDown();
                        }
                    });
                }
                assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(won).hasValue(rounds);
        } finally {
            pool.shutdownNow();
        }
    }

    /** What has to be over before a lease is; is given a key of its own. */
    private interface Race<T> {
        T run(String key) throws Exception;
    }

    /**
     * Runs it, and again with another key if it failed after as long a time as leases last: they may have run out in the midst of it, as they do where machines stall, and
     * such a failure says nothing about the store. A store that is at fault fails each time.
     */
    private <T> T inTime(String key, Race<T> race) throws Exception {
        for (int attempt = 1; ; attempt++) {
            long begin = System.nanoTime();
            try {
                return race.run(key + "/" + attempt);
            } catch (AssertionError e) {
                if (attempt == 5 || System.nanoTime() - begin < term().toNanos()) {
                    throw e;
                }
            }
        }
    }

    private record Leased(String key, SharedStore.Lease lease) {}

    @Test
    void aLeasedValueGoesAwayUnlessItIsRenewed() throws Exception {
        assertThat(store().get("contract/lease/a")).isEmpty(); // and the way there is known when the lease begins
        Leased leased = inTime("contract/lease", key -> {
            SharedStore.Lease lease = store().putLeased(key, octets("here"), term());
            pass(term().dividedBy(2));
            assertThat(lease.renew()).isTrue();
            pass(term().multipliedBy(5).dividedBy(8));
            assertThat(valueOf(key)).isEqualTo("here");
            return new Leased(key, lease);
        });
        pass(term().multipliedBy(2));
        assertThat(store().get(leased.key())).isEmpty();
        assertThat(store().keys("contract/lease/")).isEmpty();
        assertThat(leased.lease().renew()).isFalse();
    }

    @Test
    void aLeaseThatIsGivenUpTakesItsValueAlongButNotALaterOne() throws IOException {
        SharedStore.Lease lease = store().putLeased("contract/closed/a", octets("here"), term());
        lease.close();
        assertThat(store().get("contract/closed/a")).isEmpty();

        SharedStore.Lease other = store().putLeased("contract/closed/b", octets("here"), term());
        store().put("contract/closed/b", octets("stays"));
        other.close();
        assertThat(valueOf("contract/closed/b")).isEqualTo("stays");
    }

    private SharedStore.Lock taken(String name) throws IOException {
        return store().tryLock(name, term()).orElseThrow();
    }

    @Test
    void aLockHasOneHolderAndEachHasAGreaterFence() throws Exception {
        inTime("contract/lock", name -> {
            SharedStore.Lock first = taken(name);
            assertThat(first.name()).isEqualTo(name);
            assertThat(store().tryLock(name, term())).isEmpty();
            first.close();
            SharedStore.Lock second = taken(name);
            assertThat(second.fence()).isGreaterThan(first.fence());

            pass(term().multipliedBy(2));
            SharedStore.Lock third = taken(name);
            assertThat(third.fence()).isGreaterThan(second.fence());
            assertThat(second.renew()).isFalse();
            second.close(); // must not free what somebody else holds
            assertThat(store().tryLock(name, term())).isEmpty();
            assertThat(third.renew()).isTrue();
            third.close();
            return third;
        });
    }

    @Test
    void onlyTheHolderOfALockWritesUnderIt() throws Exception {
        inTime("contract/fence", name -> {
            String key = name + "d";
            SharedStore.Lock stalled = taken(name);
            assertThat(store().putFenced(key, octets("one"), stalled)).isTrue();
            pass(term().multipliedBy(2));
            SharedStore.Lock next = taken(name);
            assertThat(store().putFenced(key, octets("two"), next)).isTrue();

            assertThat(store().putFenced(key, octets("late"), stalled)).isFalse();
            assertThat(valueOf(key)).isEqualTo("two");
            next.close();
            assertThat(store().putFenced(key, octets("later"), next)).isFalse();
            return next;
        });
    }

    @Test
    void valuesAreCopiesAndHaveABound() throws IOException {
        byte[] value = octets("mine");
        store().put("contract/copy", value);
        value[0] = 'X';
        store().get("contract/copy").orElseThrow().value()[0] = 'Y';
        assertThat(valueOf("contract/copy")).isEqualTo("mine");

        store().put("contract/large", new byte[512 * 1024]);
        assertThat(store().get("contract/large").orElseThrow().value()).hasSize(512 * 1024);
        assertThatThrownBy(() -> store().put("contract/larger", new byte[512 * 1024 + 1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("524289");
    }

    @Test
    void aTimeToLiveIsPositive() {
        assertThatThrownBy(() -> store().tryLock("contract/never", Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().putLeased("contract/never", octets("x"), Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
