package io.lb4j.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.config.Part;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.TcpRelay;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A registry that is there, and that nothing reaches and nothing comes from, under load: no request fails, and once the line is whole again its
 * changes are followed within five seconds, on other connections than those from before. The tests of each extend this.
 */
public abstract class PartitionContract {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ROUNDS = 4;

    /** For what a registry needs on disk. */
    @TempDir
    protected Path folder;

    /** For subclasses. */
    protected PartitionContract() {}

    /** A registry that can be asked through a line that is cut. */
    protected interface Registry extends AutoCloseable {
        /** Returns where it listens. */
        InetSocketAddress address();

        /** Returns the instances of the service {@code api}, asked through a line. */
        Part provider(TcpRelay line) throws IOException;

        /** Has it name this port of 127.0.0.1, and no other. */
        void says(int port);

        @Override
        void close();
    }

    /** Starts a registry that names nothing yet. */
    protected abstract Registry start() throws IOException;

    @Test
    @Tag("full") // silence is noticed after ten seconds or so
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aLineThatSwallowsEverythingCostsNoRequestAndWhatChangedIsFollowedSoonAfter() throws IOException {
        List<Duration> delays = new ArrayList<>();
        try (ScriptedUpstream one = ScriptedUpstream.start();
                ScriptedUpstream two = ScriptedUpstream.start();
                Registry registry = start();
                TcpRelay line = TcpRelay.to(registry.address())) {
            registry.says(one.port());
            Part provider = registry.provider(line);
            try (Watched watched = Watched.with(
                            discovery -> discovery.provider(provider).emptyGrace(Duration.ofMinutes(1)));
                    Load load = new Load(watched.balancer())) {
                watched.awaitAddresses("127.0.0.1:" + one.port());
                for (int round = 0; round < ROUNDS; round++) {
                    line.blackhole(true);
                    await().atMost(PATIENCE).untilAsserted(watched::awaitStale);
                    int next = round % 2 == 0 ? two.port() : one.port();
                    registry.says(next);
                    // TCP asks for long after what was lost: what was open stays silent when the line is whole again.
                    line.abandonConnections();
                    line.blackhole(false);
                    long begin = System.nanoTime();
                    watched.awaitAddresses("127.0.0.1:" + next);
                    delays.add(Duration.ofNanos(System.nanoTime() - begin));
                }
                assertThat(load.failures()).isEmpty();
                assertThat(load.sent()).isGreaterThan(100);
            }
        }
        assertThat(delays)
                .as("all but one, which may be the machine's")
                .filteredOn(delay -> delay.compareTo(LIMIT) < 0)
                .hasSizeGreaterThanOrEqualTo(ROUNDS - 1);
        System.out.println(getClass().getSimpleName() + ": followed after " + delays);
    }
}
