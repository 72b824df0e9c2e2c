package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.PluginBuilder;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that loop, trap, recurse, take memory: each costs its own exchange, and nobody else anything. */
final class ContainmentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static ProbeHost host(Consumer<? super PluginBuilder> use) {
        return ProbeHost.of(Guests.c("probe"), wasm -> {}, use);
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "trap", "recurse", "resp-trap"})
    void aGuestThatFaultsCostsItsOwnExchange(String what) {
        try (ProbeHost host = host(use -> use.outAfter(100, Duration.ofSeconds(10)))) {
            for (int i = 0; i < 3; i++) {
                RawResponse response = host.ask(what);
                assertThat(response.status()).isEqualTo(500);
                assertThat(host.ask("add").status()).isEqualTo(200);
                assertThat(host.seen("x-added")).isEqualTo("1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "trap", "recurse", "resp-trap"})
    void whereItMayBeSkippedTheExchangeGoesOnWithoutIt(String what) {
        try (ProbeHost host = host(PluginBuilder::failOpen)) {
            assertThat(host.ask(what).text()).isEqualTo("hello");
            assertThat(host.ask("add").headers().first("x-seen-status")).contains("200");
        }
    }

    @Test
    void aBodyIsCutByAGuestThatLoopsOverIt() {
        try (ProbeHost host = host(use -> {})) {
            assertThat(host.send("body-loop", "x").status()).isEqualTo(500);
            assertThat(host.send("upper", "x").status()).isEqualTo(200);
        }
    }

    @Test
    void memoryIsBounded() {
        try (ProbeHost host = ProbeHost.of(Guests.c("probe"), wasm -> wasm.maxMemory(1 << 20), use -> {})) {
            assertThat(host.ask("grow").status()).isEqualTo(200);
            assertThat(host.seen("x-pages")).isEqualTo("16");
        }
    }

    @Test
    void anExchangeThatWaitsAtTheGuestIsNotHarmedByAnotherOne() {
        try (ProbeHost host = host(use -> {});
                RawClient waiting = host.served().connect()) {
            waiting.send(
                    Served.request("POST", "/", "", "X-Do: gather", "Transfer-Encoding: chunked") + "3\r\none\r\n");
            await().atMost(PATIENCE).until(() -> {
                assertThat(host.ask("trap").status()).isEqualTo(500);
                return true;
            });
            waiting.send("3\r\ntwo\r\n0\r\n\r\n");
            assertThat(waiting.readResponse("POST").status()).isEqualTo(200);
            assertThat(host.served().seen().body().text()).isEqualTo("6");
        }
    }

    @Test
    void aFaultInAnAnswerToACallEndsTheExchangeThatWaits() {
        try (ProbeHost host = host(use -> use.timeout(Duration.ofMinutes(1)))) {
            assertThat(host.ask("call-loop", "X-Cluster: api").status()).isEqualTo(500);
            assertThat(host.ask("call", "X-Cluster: api").status()).isEqualTo(200);
        }
    }

    @Test
    void aFaultInAnAnswerToACallLetsTheExchangeGoOnWhereItMay() {
        try (ProbeHost host = host(use -> use.failOpen().timeout(Duration.ofMinutes(1)))) {
            assertThat(host.ask("call-loop", "X-Cluster: api").text()).isEqualTo("hello");
        }
    }

    @Test
    void instancesAreReplacedOnlySoOften() {
        try (ProbeHost host = ProbeHost.of(Guests.c("probe"), wasm -> wasm.maxRestarts(2), use -> {})) {
            for (int i = 0; i < 3; i++) {
                assertThat(host.ask("trap").status()).isEqualTo(500);
            }
            assertThat(host.ask("add").status()).isEqualTo(500);
        }
    }

    @Test
    void aPauseThatNobodyEndsIsLate() {
        try (ProbeHost host = host(use -> use.timeout(Duration.ofMillis(100)))) {
            assertThat(host.ask("stuck").status()).isEqualTo(504);
            assertThat(host.ask("add").status()).isEqualTo(200);
        }
    }
}
