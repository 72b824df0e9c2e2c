package io.lb4j.acme.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every storage keeps to. */
abstract class AcmeStorageContract {
    private static final Duration TERM = Duration.ofSeconds(30);

    abstract AcmeStorage storage();

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String valueOf(String key) throws IOException {
        return storage()
                .read(key)
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .orElse("");
    }

    @Test
    void keepsWhatIsWrittenAndForgetsWhatIsRemoved() throws IOException {
        assertThat(storage().read("certificates/ca/a.test")).isEmpty();
        storage().write("certificates/ca/a.test", octets("one"));
        storage().write("certificates/ca/a.test", octets("two"));
        assertThat(valueOf("certificates/ca/a.test")).isEqualTo("two");
        assertThat(storage().remove("certificates/ca/a.test")).isTrue();
        assertThat(storage().remove("certificates/ca/a.test")).isFalse();
        assertThat(storage().read("certificates/ca/a.test")).isEmpty();
    }

    @Test
    void listsKeysInOrder() throws IOException {
        assertThat(storage().keys("certificates/")).isEmpty();
        storage().write("certificates/ca/b.test", octets("1"));
        storage().write("certificates/ca/_wildcard.a.test", octets("1"));
        storage().write("certificates/cb/a.test", octets("1"));
        storage().write("certificates2/a.test", octets("1"));
        assertThat(storage().keys("certificates/"))
                .containsExactly(
                        "certificates/ca/_wildcard.a.test", "certificates/ca/b.test", "certificates/cb/a.test");
    }

    @Test
    void oneHoldsALockAtATime() throws Exception {
        AcmeStorage.Hold hold = storage().tryLock("a.test", TERM).orElseThrow();
        assertThat(storage().tryLock("a.test", TERM)).isEmpty();
        assertThat(storage().tryLock("a.test", TERM)).as("still").isEmpty();
        assertThat(hold.renew()).isTrue();
        assertThat(hold.write("certificates/a.test", octets("mine"))).isTrue();
        hold.close();
        assertThat(hold.write("certificates/a.test", octets("late"))).isFalse();
        assertThat(hold.renew()).isFalse();
        assertThat(valueOf("certificates/a.test")).isEqualTo("mine");
        try (AcmeStorage.Hold again = storage().tryLock("a.test", TERM).orElseThrow()) {
            assertThat(again.renew()).isTrue();
        }
    }

    @Test
    void ofManyOneGetsTheLock() throws Exception {
        int many = 8;
        AtomicInteger held = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(many);
        ExecutorService threads = Executors.newFixedThreadPool(many);
        try {
            for (int i = 0; i < many; i++) {
                threads.execute(() -> {
                    try {
                        storage().tryLock("race.test", TERM).ifPresent(hold -> held.incrementAndGet());
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    } finally {
                        done.countDown();
                    }
                });
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(held).hasValue(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "a/../b", "/absolute", "a//b", "", "A", "a/.hidden", "a\\b"})
    void aKeyThatIsNoneIsRefused(String key) {
        assertThatThrownBy(() -> storage().write(key, octets("x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + key + "\"");
    }
}
