package io.lb4j.it.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Configurations that follow upon each other while clients ask as fast as they can: nobody notices. */
@Isolated("wants the processors for itself")
final class UpdatesUnderLoadTest {
    private static final int STAYING = 9; // clients with a connection each, on one of the loops
    private static final int NEWCOMERS = 2; // clients that come to any loop
    private static final int LOOPS = 2;
    private static final int REQUESTS_BETWEEN = 50;

    @Test
    void nobodyNoticesAHundredUpdates() {
        update(100);
    }

    @Test
    @Tag("full")
    void nobodyNoticesAThousandUpdates() {
        update(1_000);
    }

    private static void update(int times) {
        try (PlainOrigin staying = new PlainOrigin();
                PlainOrigin passing = new PlainOrigin()) {
            Variants variants = new Variants(staying.port(), passing.port(), it -> it);
            try (LoadBalancer lb = variants.variant(0).start();
                    Load load = load(lb)) {
                await().until(() -> load.answered() > 200);
                long start = System.nanoTime();
                long before = load.answered();
                for (int i = 1; i <= times && load.faults().isEmpty(); i++) {
                    long answered = load.answered();
                    lb.update(variants.configuration(i));
                    await().pollInterval(Duration.ofMillis(1))
                            .until(() -> load.answered() >= answered + REQUESTS_BETWEEN
                                    || !load.faults().isEmpty());
                }
                long nanos = System.nanoTime() - start;
                System.out.println(times + " updates, requests per second: "
                        + (load.answered() - before) * 1_000_000_000L / nanos);

                assertThat(load.faults()).isEmpty();
                assertThat(lb.stats().configurations()).isEqualTo(times + 1L);
                // Never more requests were under way on a loop at once: more connections were not called for.
                assertThat(staying.accepted()).isLessThanOrEqualTo(STAYING + NEWCOMERS * LOOPS);
            }
        }
    }

    private static Load load(LoadBalancer lb) {
        int plain = lb.port();
        int secured = lb.address("tls").getPort();
        return new Load()
                .withHttp1(4, plain)
                .withHttp2(3, plain)
                .withSecured(2, secured)
                .withNewcomer(plain)
                .withSecuredNewcomer(secured);
    }
}
