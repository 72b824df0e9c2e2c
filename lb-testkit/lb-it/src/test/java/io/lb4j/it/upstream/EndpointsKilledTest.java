package io.lb4j.it.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Site;
import io.lb4j.it.upstream.Target.Death;
import io.lb4j.model.RetryOn;
import io.lb4j.testkit.time.TimeBound;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Endpoints are killed in every way and come back, while requests come over HTTP/1.1 and HTTP/2: no GET is lost, no POST is run twice. */
@TimeBound
final class EndpointsKilledTest {
    private static final int CLIENTS = 3; // of either protocol
    private static final int ANSWERS_PER_STATE = 40;

    @ParameterizedTest
    @EnumSource
    void noGetIsLostAndNoPostRunTwice(Spoken spoken) throws Exception {
        kill(spoken, 15);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("full")
    void noGetIsLostAndNoPostRunTwiceForLong(Spoken spoken) throws Exception {
        kill(spoken, 300);
    }

    private static void kill(Spoken spoken, int times) throws Exception {
        List<Target> targets = spoken.three();
        try (Site site = site(spoken, targets);
                Load load = Load.start(site.port(), CLIENTS)) {
            Random random = new Random(times);
            for (int i = 0; i < times; i++) {
                Target victim = targets.get(random.nextInt(targets.size()));
                Death death = Death.values()[i % Death.values().length];
                victim.die(death);
                load.awaitAnswers(ANSWERS_PER_STATE);
                victim.revive();
                load.awaitAnswers(ANSWERS_PER_STATE);
            }
            load.stop();

            assertThat(load.failures()).isEmpty();
            assertThat(site.cluster().pending()).isZero();
            assertEachSeenOnce(targets);
        } finally {
            targets.forEach(Target::close);
        }
    }

    private static Site site(Spoken spoken, List<Target> targets) {
        return Site.at(Target.ports(targets))
                .loops(2)
                .cluster(made -> made.protocol(spoken.protocol()).ejection(ejection -> ejection.off()))
                .route(made -> made.timeouts(times -> times.perTry(Duration.ofSeconds(1)))
                        .retry(retry -> retry.on(
                                        RetryOn.CONNECT_FAILURE, RetryOn.REFUSED, RetryOn.RESET, RetryOn.TIMEOUT)
                                .count(5)
                                .budget(1)
                                .budgetMinPerSecond(1000)))
                .start();
    }

    private static void assertEachSeenOnce(List<Target> targets) {
        assertThat(targets.stream()
                        .flatMap(Target::postIds)
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                        .values())
                .containsOnly(1L);
    }
}
