package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.discovery.etcd.Etcd;
import io.lb4j.testkit.net.TcpRelay;
import io.lb4j.testkit.server.EtcdServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that race for certificates on a real etcd, none of them where the authority looks: there is one that wants nothing for itself, and
 * answers for all.
 */
final class EtcdFleetTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LEASE = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    private EtcdServer etcd;
    private Site site;
    private LoadBalancer front;

    @BeforeEach
    void start() {
        etcd = EtcdServer.start();
        // Orders take their time, so that there is a middle to be killed in.
        site = new Site(folder, settings -> settings.validationDelay(3));
        Acme none = Acme.authority(authority ->
                        authority.directory(site.pebble.directory().toString()).trust(site.trust()))
                .acceptTerms()
                .onDemand(by -> by.decision(name -> false));
        front = site.balancer(none).store(Etcd.at(etcd.url()).store()).start();
    }

    @AfterEach
    void end() {
        front.close();
        site.close();
        etcd.close();
    }

    private InstanceProcess instance(List<String> names) {
        return new InstanceProcess(site, etcd.url(), names);
    }

    /** Returns an instance that has etcd through a line of its own. */
    private InstanceProcess instance(TcpRelay line, List<String> names) {
        return new InstanceProcess(site, "http://127.0.0.1:" + line.port(), names);
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "race" + i + ".test").toList();
    }

    private static void awaitAll(List<String> names, InstanceProcess... instances) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<String> first = instances[0].serves();
            assertThat(first).hasSize(names.size()).doesNotHaveDuplicates();
            for (InstanceProcess each : instances) {
                assertThat(each.serves()).isEqualTo(first);
            }
        });
    }

    /**
     * Waits until so many orders have begun, and all that have are written down: of one whose place the authority has told and nobody has
     * written down yet nobody can know.
     */
    private void awaitOrders(int count) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            assertThat(site.pebble.orders()).isGreaterThanOrEqualTo(count);
            assertThat(site.pebble.challenges()).isGreaterThanOrEqualTo(site.pebble.orders());
        });
    }

    @Test
    void whatOneWasKilledInIsFinishedByOthers() {
        List<String> names = names(4);
        try (InstanceProcess first = instance(names)) {
            awaitOrders(names.size());
            first.kill();
        }
        try (InstanceProcess second = instance(names);
                InstanceProcess third = instance(names)) {
            awaitAll(names, second, third);
            assertThat(site.pebble.orders()).isEqualTo(names.size());
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void whatAnInstanceHasBegunThatIsCutOffFromTheStoreIsFinishedByOthersAndNotOrderedAgain() {
        List<String> names = names(4);
        try (TcpRelay line = TcpRelay.to(etcd.address());
                InstanceProcess cutOff = instance(line, names)) {
            awaitOrders(names.size());
            line.blackhole(true);
            try (InstanceProcess second = instance(names);
                    InstanceProcess third = instance(names)) {
                awaitAll(names, second, third);
                line.blackhole(false);
                awaitAll(names, cutOff, second, third);
            }
            assertThat(site.pebble.orders()).isEqualTo(names.size());
            assertThat(site.pebble.issued()).isEqualTo(names.size());
        }
    }

    @Test
    @Tag("full")
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void ofFiftyRacesEachHasOneOrderThoughOneIsKilledAndOneStandsStillBeyondItsLocks() {
        List<String> names = names(50);
        try (InstanceProcess first = instance(names);
                InstanceProcess second = instance(names);
                InstanceProcess third = instance(names)) {
            assertThat(first.serves()).hasSizeLessThan(names.size());
            awaitOrders(12);
            first.kill();
            awaitOrders(24);
            second.signal("STOP");
            long stoppedAtNanos = System.nanoTime();
            awaitAll(names, third);
            await().atMost(PATIENCE).until(() -> System.nanoTime() - stoppedAtNanos > LEASE.toNanos());
            second.signal("CONT");
            try (InstanceProcess again = instance(names)) {
                awaitAll(names, third, second, again);
            }
            assertThat(site.pebble.orders()).isEqualTo(names.size());
            assertThat(site.pebble.issued()).isEqualTo(names.size());
        }
    }
}
