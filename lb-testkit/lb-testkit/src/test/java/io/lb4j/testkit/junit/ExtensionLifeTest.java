package io.lb4j.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.lb4j.LoadBalancer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** When the extension starts, ends and fails; the classes within are run by the tests. */
final class ExtensionLifeTest {
    private static EngineExecutionResults run(Class<?> testClass) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .execute();
    }

    @Test
    void startsAnewForEachTestFromAnInstanceField() {
        assertThat(run(PerTest.class).testEvents().succeeded().count()).isEqualTo(2);
        assertThat(PerTest.SEEN).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void failsATestInWhichAnUpstreamSawSomethingMalformed() {
        run(Violating.class)
                .testEvents()
                .failed()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(finishedWithFailure(
                                instanceOf(AssertionError.class),
                                message(text ->
                                        text.startsWith("upstreams saw (expected: nothing malformed):\napi: ")))));
    }

    @Test
    void letsSuchATestPassWhereThatIsAllowed() {
        assertThat(run(Allowing.class).testEvents().succeeded().count()).isEqualTo(1);
    }

    static class PerTest {
        static final List<LoadBalancer> SEEN = new ArrayList<>();

        @RegisterExtension
        final LoadBalancerExtension lb = LoadBalancerExtension.builder()
                .upstream("api", script -> script.onAny().answer(200))
                .build();

        @Test
        void first() {
            assertThat(lb.get("/").statusCode()).isEqualTo(200);
            SEEN.add(lb.balancer());
        }

        @Test
        void second() {
            assertThat(lb.get("/").statusCode()).isEqualTo(200);
            SEEN.add(lb.balancer());
        }
    }

    static class Violating {
        @RegisterExtension
        static final LoadBalancerExtension lb = LoadBalancerExtension.builder()
                .upstream("api", script -> script.onAny().answer(200))
                .build();

        @Test
        void speaksNonsenseToTheUpstream() {
            Nonsense.sendTo(lb.upstream("api").port());
        }
    }

    static class Allowing {
        @RegisterExtension
        static final LoadBalancerExtension lb = LoadBalancerExtension.builder()
                .upstream("api", script -> script.onAny().answer(200))
                .allowViolations()
                .build();

        @Test
        void speaksNonsenseToTheUpstream() {
            Nonsense.sendTo(lb.upstream("api").port());
        }
    }
}
