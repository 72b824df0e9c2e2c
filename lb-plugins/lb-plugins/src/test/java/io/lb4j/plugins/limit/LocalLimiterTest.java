package io.lb4j.plugins.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counting in this process. */
final class LocalLimiterTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong(-5 * SECOND); // nanoTime may well be negative

    private LocalLimiter bucket(int perMinute, int burst, int maxKeys) {
        Quota quota = new Quota(perMinute, Duration.ofMinutes(1), burst);
        return new LocalLimiter(time -> new TokenBucket(quota, time), maxKeys, now::get);
    }

    private LocalLimiter window(int perMinute) {
        Quota quota = new Quota(perMinute, Duration.ofMinutes(1), perMinute);
        return new LocalLimiter(time -> new SlidingWindow(quota), 100, now::get);
    }

    private static int allowed(LocalLimiter limiter, int tries) {
        int allowed = 0;
        for (int i = 0; i < tries; i++) {
            allowed += limiter.take("k").isAllowed() ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void aBucketLetsABurstThroughAndThenFillsEvenly() {
        LocalLimiter limiter = bucket(60, 5, 100);
        assertThat(allowed(limiter, 20)).isEqualTo(5);
        now.addAndGet(SECOND - 1);
        assertThat(allowed(limiter, 20)).isZero();
        now.addAndGet(1);
        assertThat(allowed(limiter, 20)).isEqualTo(1);
        now.addAndGet(3 * SECOND);
        assertThat(allowed(limiter, 20)).isEqualTo(3);
        now.addAndGet(3600 * SECOND);
        assertThat(allowed(limiter, 20)).isEqualTo(5);
    }

    @Test
    void aBucketSaysHowMuchIsLeftAndWhenToComeAgain() {
        LocalLimiter limiter = bucket(60, 3, 100);
        assertThat(limiter.take("k")).isEqualTo(new Limiter.Decision(true, 2, SECOND, 0));
        limiter.take("k");
        assertThat(limiter.take("k")).isEqualTo(new Limiter.Decision(true, 0, 3 * SECOND, 0));
        now.addAndGet(SECOND / 4);
        assertThat(limiter.take("k"))
                .isEqualTo(new Limiter.Decision(false, 0, 3 * SECOND - SECOND / 4, SECOND * 3 / 4));
        now.addAndGet(SECOND * 3 / 4);
        assertThat(limiter.take("k").isAllowed()).isTrue();
    }

    @Test
    void aWindowThatSlidesNeverHoldsMoreThanTheLimit() {
        LocalLimiter limiter = window(100);
        Deque<Long> times = new ArrayDeque<>();
        Random random = new Random(11);
        int most = 0;
        for (int i = 0; i < 50_000; i++) {
            now.addAndGet((long) (random.nextDouble() * SECOND / 5));
            if (limiter.take("k").isAllowed()) {
                times.addLast(now.get());
            }
            while (!times.isEmpty() && times.peekFirst() <= now.get() - 60 * SECOND) {
                times.removeFirst();
            }
            most = Math.max(most, times.size());
        }
        assertThat(most).isEqualTo(100);
    }

    @Test
    void aWindowSaysWhenToComeAgainAndThatIsTrue() {
        LocalLimiter limiter = window(10);
        Random random = new Random(5);
        for (int i = 0; i < 1_000; i++) {
            now.addAndGet((long) (random.nextDouble() * 3 * SECOND));
            Limiter.Decision decision = limiter.take("k");
            if (!decision.isAllowed()) {
                assertThat(decision.retryNanos()).isBetween(1L, 120 * SECOND);
                now.addAndGet(decision.retryNanos());
                assertThat(limiter.take("k").isAllowed()).as("at %d", i).isTrue();
            }
        }
    }

    @Test
    void keysDoNotCountForOneAnother() {
        LocalLimiter limiter = bucket(60, 1, 100);
        assertThat(limiter.take("a").isAllowed()).isTrue();
        assertThat(limiter.take("b").isAllowed()).isTrue();
        assertThat(limiter.take("a").isAllowed()).isFalse();
    }

    @Test
    void keysAreBoundedAndThoseThatAreUsedUpStayLongest() {
        LocalLimiter limiter = bucket(60, 100, 1_000);
        for (int i = 0; i < 100; i++) {
            limiter.take("attacker");
        }
        for (int i = 0; i < 50_000; i++) {
            limiter.take("key" + i);
        }
        assertThat(limiter.keys()).isLessThanOrEqualTo(1_000);
        assertThat(limiter.take("attacker").isAllowed()).isFalse();
        now.addAndGet(3600 * SECOND);
        limiter.take("one more");
        limiter.take("another");
        assertThat(limiter.keys()).isLessThan(1_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyThreadsGetNoMoreThanThereIs(boolean slides) throws InterruptedException {
        LocalLimiter limiter = slides ? window(1_000) : bucket(60, 1_000, 100);
        AtomicInteger allowed = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            new Thread(() -> {
                        allowed.addAndGet(allowed(limiter, 1_000));
                        done.countDown();
                    })
                    .start();
        }
        done.await();
        assertThat(allowed).hasValue(1_000);
    }
}
