package io.lb4j.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.discovery.Election;
import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStoreContract;
import io.lb4j.testkit.server.EtcdServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The shared store on an etcd that runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EtcdStoreTest extends SharedStoreContract {
    private EtcdServer server;
    private SharedStore store;

    @BeforeAll
    void start() {
        server = EtcdServer.start();
        store = open();
    }

    @AfterAll
    void end() {
        store.close();
        server.close();
    }

    private SharedStore open() {
        return Etcd.at(server.url())
                .timeout(Duration.ofSeconds(60)) // one question is not to fail where the machine stands still
                .store();
    }

    @Override
    protected SharedStore store() {
        return store;
    }

    @Override
    protected Duration term() {
        return Duration.ofSeconds(6);
    }

    @Override
    protected void pass(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis()); // in earnest: the leases are those of another process
    }

    @Test
    void aStoreThatCannotBeAskedSaysSo() throws IOException {
        try (SharedStore lost = Etcd.at("http://127.0.0.1:1").store()) {
            assertThatThrownBy(() -> lost.get("a"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("http://127.0.0.1:1")
                    .hasMessageContaining("refused");
        }
    }

    /** Notes who leads. */
    private record Notes(String name, List<String> log) implements Election.Candidate {
        @Override
        public void onElected(SharedStore.Lock lock) {
            log.add(name + " elected");
        }

        @Override
        public void onDeposed() {
            log.add(name + " deposed");
        }
    }

    @Test
    void oneOfTwoLeadsAndTheOtherFollowsWhenItResigns() {
        List<String> log = new CopyOnWriteArrayList<>();
        Duration term = Duration.ofSeconds(15); // nobody loses it because a machine stands still for a while
        try (SharedStore another = open();
                Election second = firstThenSecond(another, log, term)) {
            await().atMost(Duration.ofSeconds(30)).until(second::isLeader);
            assertThat(log).containsExactly("first elected", "first deposed", "second elected");
        }
    }

    private Election firstThenSecond(SharedStore another, List<String> log, Duration term) {
        try (Election first = Election.join(store, "leader", term, new Notes("first", log))) {
            await().atMost(Duration.ofSeconds(30)).until(first::isLeader);
            return Election.join(another, "leader", term, new Notes("second", log));
        }
    }

    @Test
    void aLeaderThatCannotRenewStepsDownBeforeItsTermIsOver() {
        List<String> log = new CopyOnWriteArrayList<>();
        Duration term = Duration.ofSeconds(3);
        try (EtcdServer frail = EtcdServer.start();
                SharedStore inside =
                        Etcd.at(frail.url()).timeout(Duration.ofSeconds(1)).store();
                Election election = Election.join(inside, "leader", term, new Notes("it", log))) {
            await().atMost(Duration.ofSeconds(30)).until(election::isLeader);
            frail.kill();
            await().pollDelay(term).until(() -> true); // after its last renewal, which was before the end of etcd
            assertThat(election.isLeader()).isFalse();
            await().atMost(Duration.ofSeconds(30)).until(() -> log.contains("it deposed"));
        }
    }
}
