package io.lb4j.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.Settings;
import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStoreContract;
import io.lb4j.testkit.server.ConsulServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The shared store on a Consul that runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsulStoreTest extends SharedStoreContract {
    private ConsulServer server;
    private SharedStore store;

    @BeforeAll
    void start() {
        server = ConsulServer.start();
        store = new ConsulStoreFactory().create(settings());
    }

    @AfterAll
    void end() {
        store.close();
        server.close();
    }

    private Settings settings() {
        return Consul.at(server.url())
                .timeout(Duration.ofSeconds(60)) // one question is not to fail where the machine stands still
                .storeSettings("lb4j/", Duration.ofSeconds(1));
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
        Thread.sleep(time.toMillis()); // in earnest: the sessions are those of another process
    }

    @Test
    void aValueThatSomebodyElseHasWrittenInAWayOfHisOwnIsAFailureOfTheStore() throws IOException {
        new Agent(server.url(), "").put("/v1/kv/lb4j/values/tampered?flags=" + 0x6c623634L, "no base64");

        assertThatThrownBy(() -> store.get("tampered"))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("lb4j/values/tampered: the value cannot be read (expected: base64)");
        assertThat(store.keys("tamp")).containsExactly("tampered");
        store.put("tampered", new byte[] {7});
        assertThat(store.get("tampered").orElseThrow().value()).containsExactly(7);
    }

    @Test
    void aLeasedValueIsReplacedByOneThatStays() throws IOException {
        byte[] later = new byte[250 * 1024]; // as large as it may be, and no text
        Arrays.fill(later, (byte) 0x80);
        SharedStore.Lease lease = store.putLeased("replaced", new byte[1], Duration.ofMinutes(1));
        long revision = store.get("replaced").orElseThrow().revision();
        assertThat(store.putIf("replaced", later, revision + 1)).isEmpty();
        assertThat(store.putIf("replaced", later, revision)).isPresent();
        assertThat(lease.renew()).isFalse();
        lease.close();
        assertThat(store.get("replaced").orElseThrow().value()).isEqualTo(later);
    }
}
