package io.lb4j.testkit.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

@Isolated("counts what the whole JVM holds")
class LeakGuardTest {
    private static EngineExecutionResults run(Class<?> testClass) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .execute();
    }

    @Test
    void failsAClassThatLeaksABuffer() {
        Events containers = run(Leaky.class).containerEvents();

        containers
                .failed()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(finishedWithFailure(
                                instanceOf(AssertionError.class),
                                message(text -> text.contains("LEAK: ByteBuf was not released")
                                        && text.contains("leaksABuffer")
                                        && text.contains("Leaky")))));
    }

    @Test
    void leavesAClassInPeaceThatReleasesItsBuffers() {
        EngineExecutionResults results = run(Tidy.class);

        assertThat(results.containerEvents().failed().count()).isZero();
        assertThat(results.testEvents().succeeded().count()).isEqualTo(1);
    }

    @Test
    void leavesAClassInPeaceAfterItHasFailedAnother() {
        run(Leaky.class);

        assertThat(run(Tidy.class).containerEvents().failed().count()).isZero();
    }

    @Test
    void canBeSwitchedOff() {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Leaky.class))
                .configurationParameter("io.lb4j.testkit.leakGuard", "off")
                .execute();

        assertThat(results.containerEvents().failed().count()).isZero();
        assertThat(LeakReports.collect()).hasSize(1);
    }

    @Test
    void raisesDetectionToParanoid() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    }

    @Test
    void countsWhatIsTracked() {
        long before = LeakReports.tracked();
        PooledByteBufAllocator.DEFAULT.directBuffer().release();

        assertThat(LeakReports.tracked()).isEqualTo(before + 1);
    }

    @ExtendWith(LeakGuard.class)
    static class Leaky {
        @Test
        void leaksABuffer() {
            PooledByteBufAllocator.DEFAULT.directBuffer().writeByte(1);
        }
    }

    @ExtendWith(LeakGuard.class)
    static class Tidy {
        @Test
        void releasesItsBuffers() {
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer();
            assertThat(buffer.release()).isTrue();
            assertThat(Unpooled.EMPTY_BUFFER.isReadable()).isFalse();
        }
    }
}
