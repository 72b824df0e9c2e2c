package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated // looks at the threads of the process
final class ThreadsTest {
    @TempDir
    Path folder;

    @Test
    void whatHasEndedLeavesNoThreadBehind() {
        try (Site site = new Site(folder)) {
            RestartTest.obtained(site, site.acme().domains("a.test"), "a.test");
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("lb4j-acme")));
    }
}
