package io.lb4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.spi.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What transports are told while updates change them, with some that bind nothing and write down what they hear. */
final class TransportSuccessionTest {
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final List<Recorded> bound = new ArrayList<>();

    /** One that can be bound beside another, or cannot. */
    private final class Recorder implements Transport {
        private final String setting;
        private final boolean bears;

        Recorder(String setting, boolean bears) {
            this.setting = setting;
            this.bears = bears;
        }

        @Override
        public String name() {
            return "recorder";
        }

        @Override
        public Binding bind(Context context) {
            heard.add(setting + " bound");
            return made();
        }

        private Recorded made() {
            Recorded binding = new Recorded(setting);
            bound.add(binding);
            return binding;
        }

        @Override
        public Optional<Binding> bindBeside(Context context, Binding former) throws IOException {
            if (!bears) {
                return Optional.empty();
            }
            heard.add(setting + " bound beside " + ((Recorded) former).setting);
            if (setting.equals("faulty")) {
                throw new IOException("recorder: cannot bind");
            }
            return Optional.of(made());
        }
    }

    private final class Recorded implements Transport.Binding {
        private final String setting;
        private final CompletableFuture<Void> drained = new CompletableFuture<>();

        Recorded(String setting) {
            this.setting = setting;
        }

        @Override
        public void begin() {
            heard.add(setting + " begins");
        }

        @Override
        public String altSvc() {
            return setting;
        }

        @Override
        public CompletionStage<?> drain() {
            heard.add(setting + " drains");
            return drained;
        }

        @Override
        public CompletionStage<?> close() {
            heard.add(setting + " closes");
            drained.complete(null);
            return CompletableFuture.completedStage(null);
        }
    }

    private LoadBalancerBuilder with(Transport transport) {
        return with("main", 0, transport);
    }

    private static LoadBalancerBuilder with(String name, int port, Transport transport) {
        return LoadBalancer.builder()
                .listener(
                        name,
                        listener -> listener.port(port)
                                .tls(tls -> tls.selfSigned("a.test"))
                                .http3(transport))
                .route(route -> route.path("/**").respond(200))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofMinutes(1)));
    }

    private Transport patient(String setting) {
        return new Recorder(setting, true);
    }

    @Test
    void oneThatCanIsBoundBesideTheFormerWhichDrainsOnceTheOtherHasBegun() {
        try (LoadBalancer lb = with(patient("a")).start()) {
            lb.update(with(patient("b")).configuration());

            assertThat(heard).containsExactly("a bound", "a begins", "b bound beside a", "b begins", "a drains");
            bound.get(0).drained.complete(null);
            await().untilAsserted(() -> assertThat(heard).endsWith("a closes"));
            bound.get(1).drained.complete(null);
        }
        assertThat(heard).doesNotHaveDuplicates().endsWith("b drains", "b closes");
    }

    @Test
    void severalMayDrainAtOnce() {
        try (LoadBalancer lb = with(patient("a")).start()) {
            lb.update(with(patient("b")).configuration());
            lb.update(with(patient("c")).configuration());

            assertThat(heard)
                    .endsWith("b bound beside a", "b begins", "a drains", "c bound beside b", "c begins", "b drains");
            bound.get(0).drained.complete(null);
            bound.get(1).drained.complete(null);
            bound.get(2).drained.complete(null);
            await().untilAsserted(() -> assertThat(heard).contains("a closes", "b closes"));
        }
    }

    @Test
    void aChangeThatFailsIsTakenBackAndTheFormerHearsNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LoadBalancer lb = with(patient("a")).start()) {
            LoadBalancerBuilder failing =
                    with(patient("b")).listener("other", other -> other.port(taken.getLocalPort()));
            assertThatThrownBy(() -> lb.update(failing.configuration())).isInstanceOf(RuntimeException.class);
            assertThatThrownBy(() -> lb.update(with(patient("faulty")).configuration()))
                    .hasMessageContaining("recorder: cannot bind");

            assertThat(heard)
                    .containsExactly("a bound", "a begins", "b bound beside a", "b closes", "faulty bound beside a");
            bound.get(0).drained.complete(null);
        }
    }

    @Test
    void oneThatCannotWaitsForTheFormersEnd() {
        try (LoadBalancer lb = with(patient("a")).start()) {
            bound.get(0).drained.complete(null);
            lb.update(with(new Recorder("b", false)).configuration());

            assertThat(heard).endsWith("a drains", "a closes", "b bound", "b begins");
            bound.get(1).drained.complete(null);
        }
    }

    @Test
    void anotherListenerAtTheAddressMayHaveItsOwnBeside() {
        try (LoadBalancer lb = with(patient("a")).start()) {
            int port = lb.port();
            lb.update(with("other", port, patient("b")).configuration());
            assertThat(heard).containsExactly("a bound", "a begins", "b bound beside a", "b begins", "a drains");

            lb.update(with("another", port, patient("c")).configuration());
            assertThat(heard).endsWith("c bound beside b", "c begins", "b drains");
            bound.forEach(binding -> binding.drained.complete(null));
        }
    }

    @Test
    void whatWasTakenAwayMayComeBackBesideWhatDrains() {
        try (LoadBalancer lb = with(patient("a")).start()) {
            int port = lb.port();
            lb.update(LoadBalancer.builder()
                    .listener("plain", listener -> listener.port(0))
                    .route(route -> route.path("/**").respond(200))
                    .process(process -> process.eventLoops(1).drainTimeout(Duration.ofMinutes(1)))
                    .configuration());
            lb.update(with("main", port, patient("b")).configuration());

            assertThat(heard).endsWith("a drains", "b bound beside a", "b begins");
            bound.forEach(binding -> binding.drained.complete(null));
        }
    }
}
