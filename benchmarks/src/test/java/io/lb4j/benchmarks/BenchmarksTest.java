package io.lb4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark for a moment, in this process and with fewer routes: whether they work, not what they say. */
class BenchmarksTest {
    @Test
    void runsEveryBenchmarkWithEveryParameter() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("io\\.lb4j\\.benchmarks\\..*")
                        .param("routes", "10", "100")
                        .mode(Mode.AverageTime)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(20))
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();

        assertThat(results)
                .extracting(result -> result.getParams().getBenchmark())
                .containsAll(List.of(
                        name(RoutingBenchmark.class, "host"),
                        name(RoutingBenchmark.class, "exactPath"),
                        name(RoutingBenchmark.class, "prefix"),
                        name(BalancingBenchmark.class, "pick"),
                        name(HeadBenchmark.class, "http1"),
                        name(HeadBenchmark.class, "hpack"),
                        name(HandOverBenchmark.class, "request"),
                        name(ExchangeBenchmark.class, "exchange"),
                        name(CacheBenchmark.class, "hit"),
                        name(CacheBenchmark.class, "pass"),
                        name(ChainBenchmark.class, "exchange")));
        assertThat(results)
                .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore())
                        .as(result.getParams().id())
                        .isPositive());
    }

    private static String name(Class<?> benchmark, String method) {
        return benchmark.getName() + "." + method;
    }
}
