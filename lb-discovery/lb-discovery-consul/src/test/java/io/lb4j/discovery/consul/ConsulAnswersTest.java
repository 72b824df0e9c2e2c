package io.lb4j.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.Part;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.SharedStore;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Answers that no agent gives, and what stands in its place may. */
final class ConsulAnswersTest {
    private static final int MOST = 100_000;
    private static final String TOO_LARGE = "the answer is larger than max_size, 100000 octets";
    private static final Answer JSON = Answer.status(200).header("Content-Type", "application/json");

    private static Consul at(ScriptedUpstream agent) {
        return Consul.at("http://127.0.0.1:" + agent.port())
                .timeout(Duration.ofSeconds(60))
                .maxSize(MOST);
    }

    private static void ask(Part provider) throws IOException {
        try (Discovery discovery = provider.create(Discovery.class)) {
            assertThat(discovery.discover()).isEmpty();
        }
    }

    @Test
    void anAnswerWithoutEndIsBrokenOff() throws IOException {
        try (ScriptedUpstream agent = ScriptedUpstream.start(script ->
                script.onAny().answer(JSON.chunked().body("[" + " ".repeat(MOST) + "]")))) {
            assertThatThrownBy(() -> ask(at(agent).service("api")))
                    .isInstanceOf(IOException.class)
                    .hasMessageEndingWith("cannot read service api: " + TOO_LARGE);
            try (SharedStore store = at(agent).store()) {
                assertThatThrownBy(() -> store.get("a"))
                        .isInstanceOf(IOException.class)
                        .hasMessageEndingWith(TOO_LARGE);
            }
        }
    }

    @Test
    void aRefusalWithoutEndIsBrokenOff() throws IOException {
        try (ScriptedUpstream agent = ScriptedUpstream.start(
                script -> script.onAny().answer(Answer.status(500).payload(10L * MOST)))) {
            assertThatThrownBy(() -> ask(at(agent).service("api")))
                    .isInstanceOf(IOException.class)
                    .hasMessageEndingWith(TOO_LARGE);
        }
    }
}
