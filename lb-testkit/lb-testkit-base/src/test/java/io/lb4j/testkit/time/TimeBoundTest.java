package io.lb4j.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

final class TimeBoundTest {
    private static Events run(Class<?> testClass) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .execute()
                .testEvents();
    }

    private static RunAgainAfterStalls after(Duration stall) {
        return new RunAgainAfterStalls(() -> new RunAgainAfterStalls.Watch() {
            @Override
            public Duration longest() {
                return stall;
            }

            @Override
            public void close() {
                // Nothing runs.
            }
        });
    }

    @Test
    void aTestThatFailsAfterAStallIsRunAgainOnANewInstance() {
        PassesTheThirdTime.RUNS.set(0);
        assertThat(run(PassesTheThirdTime.class).succeeded().count()).isOne();
        assertThat(PassesTheThirdTime.RUNS).hasValue(3);
    }

    @Test
    void aTestThatFailsEachTimeHasFailed() {
        FailsEachTime.RUNS.set(0);
        assertThat(run(FailsEachTime.class).failed().count()).isOne();
        assertThat(FailsEachTime.RUNS).hasValue(3);
    }

    @Test
    void aTestThatFailsOnAMachineThatKeepsUpHasFailed() {
        FailsWithoutAStall.RUNS.set(0);
        assertThat(run(FailsWithoutAStall.class).failed().count()).isOne();
        assertThat(FailsWithoutAStall.RUNS).hasValue(1);
    }

    @Test
    void aClassThatPreparesItsTestsIsRefused() {
        assertThat(run(Prepares.class).failed().count()).isOne();
    }

    @Test
    void aProcessThatIsStoppedHasStoodStill() throws IOException, InterruptedException {
        long self = ProcessHandle.current().pid();
        try (StallWatch watch = new StallWatch()) {
            new ProcessBuilder("sh", "-c", "kill -STOP " + self + "; sleep 0.3; kill -CONT " + self)
                    .start()
                    .waitFor();
            assertThat(watch.longest()).isGreaterThan(Duration.ofMillis(200));
        }
    }

    static final class PassesTheThirdTime {
        static final AtomicInteger RUNS = new AtomicInteger();

        @RegisterExtension
        static final RunAgainAfterStalls AGAIN = after(Duration.ofSeconds(1));

        @TempDir
        private @Nullable Path folder;

        private int calls;

        @Test
        void passes() {
            assertThat(folder).exists();
            assertThat(++calls).isOne();
            assertThat(RUNS.incrementAndGet()).isEqualTo(3);
        }
    }

    static final class FailsEachTime {
        static final AtomicInteger RUNS = new AtomicInteger();

        @RegisterExtension
        static final RunAgainAfterStalls AGAIN = after(Duration.ofSeconds(1));

        @Test
        void fails() {
            assertThat(RUNS.incrementAndGet()).isZero();
        }
    }

    static final class FailsWithoutAStall {
        static final AtomicInteger RUNS = new AtomicInteger();

        @RegisterExtension
        static final RunAgainAfterStalls AGAIN = after(Duration.ofMillis(3));

        @Test
        void fails() {
            assertThat(RUNS.incrementAndGet()).isZero();
        }
    }

    @TimeBound
    static final class Prepares {
        @BeforeEach
        void prepare() {}

        @Test
        void isNotRun() {}
    }
}
