package io.lb4j.testkit.time;

import static org.awaitility.Awaitility.await;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.testkit.engine.EngineTestKit;

@Isolated("changes how long the whole JVM waits")
final class LongerWaitsTest {
    @AfterEach
    void waitLongAgain() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    @Test
    void awaitilityWaitsAsLongAsTheParameterSays() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(InVain.class))
                .configurationParameter("io.lb4j.testkit.patience", "PT0.2S")
                .execute()
                .testEvents()
                .failed()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(finishedWithFailure(
                                instanceOf(ConditionTimeoutException.class),
                                message(text -> text.contains("within 200 milliseconds")))));
    }

    @ExtendWith(LongerWaits.class)
    static class InVain {
        @Test
        void waits() {
            await().until(() -> false);
        }
    }
}
