package io.lb4j.benchmarks.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** That the run works, on a small scale; what it measures there says nothing. */
@Isolated("counts the time of all control threads in the process")
final class ChurnRunTest {
    @Test
    void endpointsThatComeAndGoCostNoRequest() throws InterruptedException {
        ChurnRun.Result result = ChurnRun.run(200, 100, Duration.ofSeconds(1), 1);

        assertThat(result.idle().failures() + result.churn().failures()).isZero();
        assertThat(result.idle().micros(0.99)).isPositive();
        assertThat(result.churn().micros(0.99)).isPositive();
        assertThat(result.controlShare()).isPositive();
    }
}
