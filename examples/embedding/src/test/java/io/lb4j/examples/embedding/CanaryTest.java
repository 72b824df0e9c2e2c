package io.lb4j.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CanaryTest {
    private static final int REQUESTS = 500;

    private static long byCanary(Canary release, String... namesAndValues) {
        long count = 0;
        for (int i = 0; i < REQUESTS; i++) {
            if (Ask.get(release.port(), "/", namesAndValues).body().equals("answered by canary\n")) {
                count++;
            }
        }
        return count;
    }

    /** The bounds are six standard deviations away: a share that is right misses them once in a hundred million runs, or less often. */
    @Test
    void theNewVersionGetsItsShareWhichCanBeChangedWhileRequestsAreServed() {
        try (Canary release = Canary.start(0, 10)) {
            int port = release.port();
            assertThat(byCanary(release)).isBetween(10L, 90L);

            release.share(50);
            assertThat(byCanary(release)).isBetween(180L, 320L);

            release.share(100);
            assertThat(byCanary(release)).isEqualTo(REQUESTS);
            assertThat(release.port()).as("the listener stays").isEqualTo(port);
        }
    }

    @Test
    void whoeverAsksForTheNewVersionGetsItAlways() {
        try (Canary release = Canary.start(0, 0)) {
            assertThat(byCanary(release)).isZero();
            assertThat(byCanary(release, "x-canary", "always")).isEqualTo(REQUESTS);
        }
    }
}
