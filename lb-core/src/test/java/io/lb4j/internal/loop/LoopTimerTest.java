package io.lb4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTimerTest {
    private static final long MILLI = 1_000_000;

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final LoopTimer timer = new LoopTimer(loop);

    @AfterEach
    void close() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static LoopTimer.Timeout timeout(Runnable onExpired) {
        return new LoopTimer.Timeout() {
            @Override
            protected void expire() {
                onExpired.run();
            }
        };
    }

    private void onLoop(Runnable action) {
        CompletableFuture.runAsync(action, loop).join();
    }

    @Test
    void aLateTimeoutThatIsSetWhileAnotherExpiresDelaysNoEarlierOne() throws InterruptedException {
        CountDownLatch earlier = new CountDownLatch(1);
        onLoop(() -> {
            timer.set(timeout(() -> timer.set(timeout(() -> {}), 60_000 * MILLI)), 20 * MILLI);
            timer.set(timeout(earlier::countDown), 100 * MILLI);
        });

        assertThat(earlier.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anEarlyTimeoutThatIsSetWhileAnotherExpiresIsInTimeTooEvenBehindALateOne() throws InterruptedException {
        CountDownLatch early = new CountDownLatch(1);
        onLoop(() -> timer.set(
                timeout(() -> {
                    timer.set(timeout(() -> {}), 60_000 * MILLI);
                    timer.set(timeout(early::countDown), 20 * MILLI);
                }),
                20 * MILLI));

        assertThat(early.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void noTimeoutIsEarlyAndAllExpireWhateverTheyDoToEachOther() throws InterruptedException {
        Random random = new Random(1);
        CountDownLatch left = new CountDownLatch(200);
        List<Long> early = new ArrayList<>(); // confined to the loop
        onLoop(() -> {
            for (int i = 0; i < 100; i++) {
                long due = random.nextInt(400) * MILLI;
                long next = random.nextInt(400) * MILLI;
                setChecked(due, early, () -> {
                    left.countDown();
                    setChecked(next, early, left::countDown);
                });
            }
        });

        assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();
        onLoop(() -> {
            assertThat(early).isEmpty();
            assertThat(timer.size()).isZero();
        });
    }

    private void setChecked(long delayNanos, List<Long> early, Runnable onExpired) {
        long dueNanos = System.nanoTime() + delayNanos;
        timer.set(
                timeout(() -> {
                    if (System.nanoTime() < dueNanos) {
                        early.add(dueNanos);
                    }
                    onExpired.run();
                }),
                delayNanos);
    }

    @Test
    void aTimeoutThatIsCancelledDoesNotExpire() throws InterruptedException {
        CountDownLatch later = new CountDownLatch(1);
        List<String> expired = new ArrayList<>(); // confined to the loop
        onLoop(() -> {
            LoopTimer.Timeout cancelled = timeout(() -> expired.add("cancelled"));
            timer.set(cancelled, 20 * MILLI);
            timer.set(timeout(later::countDown), 100 * MILLI);
            timer.cancel(cancelled);
            assertThat(cancelled.isSet()).isFalse();
        });

        assertThat(later.await(30, TimeUnit.SECONDS)).isTrue();
        onLoop(() -> assertThat(expired).isEmpty());
    }
}
