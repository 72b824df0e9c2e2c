package io.lb4j.benchmarks.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** That the run works, for a moment; what it measures there says nothing. */
@Isolated("counts the time of all event loops in the process")
final class ProtocolRunTest {
    private static final Duration MOMENT = Duration.ofMillis(400);

    @Test
    void bothProtocolsAreAnsweredAndIdleConnectionsCounted() throws Exception {
        try (ProtocolRun run = new ProtocolRun(true)) {
            for (ProtocolRun.Protocol protocol : ProtocolRun.Protocol.values()) {
                assertThat(run.small(protocol, MOMENT)).satisfies(result -> {
                    assertThat(result.failures()).isZero();
                    assertThat(result.micros()).isPositive();
                });
                assertThat(run.large(protocol, MOMENT).failures()).isZero();
            }
            assertThat(run.idle(10)).isNotNull();
        }
    }
}
