package io.lb4j.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.spi.Filter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PluginWatchTest {
    private final Entries entries = new Entries();
    private final PluginInstance instance = entries.closed("a", new Filter() {}).instance();

    @Test
    void namesACallThatComputesOn() {
        LoopCalls.Slot slot = entries.calls().slot(0);
        PluginWatch watch = new PluginWatch(entries.calls());
        try {
            long endNanos = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            slot.enter(instance);
            while (!instance.isOut() && System.nanoTime() < endNanos) {
                Thread.onSpinWait();
            }
            slot.leave();
            assertThat(instance.isOut()).isTrue();
        } finally {
            watch.close();
        }
    }

    @Test
    void namesACallThatGoesOnAndNotManyShortOnes() {
        LoopCalls.Slot slot = entries.calls().slot(0);
        PluginWatch watch = new PluginWatch(entries.calls());
        try {
            long endNanos = System.nanoTime() + Duration.ofMillis(600).toNanos();
            while (System.nanoTime() < endNanos) {
                slot.enter(instance);
                slot.leave();
            }
            assertThat(instance.isOut()).isFalse();

            slot.enter(instance);
            await().atMost(Duration.ofSeconds(30)).until(instance::isOut);
            slot.leave();
        } finally {
            watch.close();
        }
    }
}
