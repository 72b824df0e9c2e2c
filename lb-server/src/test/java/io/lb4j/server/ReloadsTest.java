package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Readings that are asked for faster than they are done. */
final class ReloadsTest {
    private final Reloads reloads = new Reloads();
    private final AtomicInteger count = new AtomicInteger();

    @Test
    void whatIsAskedForBeforeThereIsAnythingToReadIsDoneOnceThereIs() {
        reloads.ask();
        reloads.ask();
        reloads.begin(count::incrementAndGet);

        assertThat(count).hasValue(1);
    }

    @Test
    void nothingIsReadUnlessItIsAskedFor() {
        reloads.begin(count::incrementAndGet);

        assertThat(count).hasValue(0);
    }

    @Test
    void allThatIsAskedForDuringOneIsDoneByTheNext() {
        reloads.begin(() -> {
            if (count.incrementAndGet() == 1) {
                for (int i = 0; i < 1_000; i++) {
                    reloads.ask();
                }
            }
        });

        reloads.ask();

        assertThat(count).hasValue(2);
    }
}
