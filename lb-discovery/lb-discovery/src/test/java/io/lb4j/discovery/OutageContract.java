package io.lb4j.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.config.Part;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.time.InTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A registry that is killed under load costs no request, and is followed within five seconds of its return: the tests of each extend this. */
public abstract class OutageContract {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** For subclasses. */
    protected OutageContract() {}

    /** A registry that can be killed. */
    protected interface Registry extends AutoCloseable {
        /** Returns the instances of the service {@code api}. */
        Part provider();

        /** Has it name these ports of 127.0.0.1, and no others. */
        void says(List<Integer> ports);

        /** Kills it. */
        void kill();

        /** Starts it again; when this returns it answers. */
        void restart();

        @Override
        void close();
    }

    /** Starts a registry that names nothing yet. */
    protected abstract Registry start();

    @Test
    void anOutageCostsNoRequestAndWhatChangesIsFollowedSoon() {
        outages(1, Duration.ofSeconds(2));
    }

    @Test
    @Tag("full") // twenty outages, and one of a minute
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void outagesOfAllLengthsCostNoRequest() {
        outages(20, Duration.ofSeconds(3));
        outages(1, Duration.ofMinutes(1));
    }

    private void outages(int rounds, Duration length) {
        List<Duration> delays = new ArrayList<>();
        try (ScriptedUpstream one = ScriptedUpstream.start();
                ScriptedUpstream two = ScriptedUpstream.start();
                Registry registry = start()) {
            registry.says(List.of(one.port()));
            try (Watched watched = Watched.with(
                            discovery -> discovery.provider(registry.provider()).emptyGrace(Duration.ofMinutes(1)));
                    Load load = new Load(watched.balancer())) {
                watched.awaitAddresses("127.0.0.1:" + one.port());
                for (int round = 0; round < rounds; round++) {
                    delays.add(InTime.within(
                            LIMIT, attempt -> outage(registry, watched, length, other(watched, one, two))));
                }
                await().until(() -> load.sent() > 100);
                assertThat(load.failures()).isEmpty();
            }
        }
        System.out.println(getClass().getSimpleName() + ": followed after " + delays);
    }

    private static int other(Watched watched, ScriptedUpstream one, ScriptedUpstream two) {
        return watched.addresses().contains("127.0.0.1:" + one.port()) ? two.port() : one.port();
    }

    private static Duration outage(Registry registry, Watched watched, Duration length, int next) {
        registry.kill();
        watched.awaitStale();
        await().pollDelay(length).atMost(length.plusSeconds(30)).until(() -> true);
        registry.restart();
        registry.says(List.of(next));
        return InTime.timeOf(() -> watched.awaitAddresses("127.0.0.1:" + next));
    }
}
