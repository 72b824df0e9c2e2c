package io.lb4j.plugins.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.time.TimeBound;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** An OpenTelemetry of the plugin's own; properties of the process say the same as variables of the environment. */
@Isolated("sets properties of the process")
final class EnvironmentTest {
    private static final String ENDPOINT = "otel.exporter.otlp.endpoint";

    /** A property of the process, for a time. */
    private record Property(String name) implements AutoCloseable {
        static Property set(String name, String value) {
            System.setProperty(name, value);
            return new Property(name);
        }

        @Override
        public void close() {
            System.clearProperty(name);
        }
    }

    private static Property endpoint(int port) {
        return Property.set(ENDPOINT, "http://127.0.0.1:" + port);
    }

    private static Served served() {
        return Served.with(Tracing.ofEnvironment(t -> {}));
    }

    @Test
    void spansAreSentWhereTheEnvironmentSaysAndThoseThatWaitBeforeItEnds() {
        try (ScriptedUpstream receiver = ScriptedUpstream.start(
                        script -> script.keepBodies(1 << 20).onAny().answer(200));
                Property endpoint = endpoint(receiver.port())) {
            try (Served served = served()) {
                assertThat(served.get("/a").status()).as(endpoint.name()).isEqualTo(200);
                assertThat(served.seen().headers().first("traceparent").orElseThrow())
                        .matches("00-.*-0[13]");
            }
            RecordedRequest sent = receiver.awaitRequest().awaitComplete();
            assertThat(sent.target()).isEqualTo("/v1/traces");
            assertThat(sent.headers().first("content-type")).contains("application/x-protobuf");
            assertThat(sent.body().text()).contains("GET all", "service.name", "lb4j");
        }
    }

    @TimeBound
    @Test
    void aReceiverThatIsAwayHoldsTheEndForSecondsOnly() {
        try (ReservedPort nobody = ReservedPort.any();
                Property endpoint = endpoint(nobody.port())) {
            Served served = served();
            assertThat(served.get("/a").status()).as(endpoint.name()).isEqualTo(200);

            long began = System.nanoTime();
            served.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void whatTheEnvironmentSaysAndCannotBeUsedIsRefused() {
        try (Property sampler = Property.set("otel.traces.sampler", "some")) {
            assertThatThrownBy(EnvironmentTest::served)
                    .as(sampler.name())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("cannot begin: telemetry: environment: ")
                    .hasMessageContaining("some");
        }
    }

    @Test
    void theGlobalOneIsTheApplicationsToClose() {
        try (Served served = Served.with(Tracing.global(t -> {}))) {
            assertThat(served.get("/").status()).isEqualTo(200);
            assertThat(served.seen().headers().contains("traceparent")).isFalse();
        }
    }
}
