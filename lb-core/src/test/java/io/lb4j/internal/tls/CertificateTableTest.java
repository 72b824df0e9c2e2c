package io.lb4j.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CertificateTableTest {
    private final AtomicInteger searches = new AtomicInteger();
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void endTimers() {
        timers.shutdownNow();
    }

    /** A source that never finds anything, and never says so. */
    private final CertificateSource silent = new CertificateSource() {
        @Override
        public Optional<Certificate> cached(String serverName) {
            return Optional.empty();
        }

        @Override
        public CompletionStage<Optional<Certificate>> find(String serverName) {
            searches.incrementAndGet();
            return new CompletableFuture<>();
        }

        @Override
        public List<Certificate> certificates() {
            return List.of();
        }
    };

    private CertificateTable table(Duration timeout) {
        return new CertificateTable(
                ServerCertificates.of(List.of(silent)),
                ServerTlsSettings.defaults()
                        .withHandshake(HandshakePolicy.defaults().withTimeout(timeout)));
    }

    @Test
    void searchesOnceForANameAndForSoManyNamesAtOnce() {
        CertificateTable table = table(Duration.ofMinutes(1));
        for (int i = 0; i < CertificateTable.MAX_SEARCHES; i++) {
            assertThat(table.find(i + ".test", timers)).isNotDone();
            assertThat(table.find(i + ".test", timers)).isNotDone();
        }
        assertThat(searches).hasValue(CertificateTable.MAX_SEARCHES);

        assertThat(table.find("another.test", timers)).isCompletedWithValue(Optional.empty());
        assertThat(table.find("0.test", timers))
                .as("one under way is shared all the same")
                .isNotDone();
        assertThat(searches).hasValue(CertificateTable.MAX_SEARCHES);
    }

    @Test
    void givesASearchUpWhenTheTimeIsOver() {
        CertificateTable table = table(Duration.ofMillis(10));
        assertThat(table.find("a.test", timers).join()).isEmpty();
        await().untilAsserted(() -> {
            int before = searches.get();
            table.find("a.test", timers);
            assertThat(searches).hasValueGreaterThan(before);
        });
    }
}
