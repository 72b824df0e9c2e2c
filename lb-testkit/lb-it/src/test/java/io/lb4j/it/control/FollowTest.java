package io.lb4j.it.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.model.Configuration;
import io.lb4j.spi.ConfigSource;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Observer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Configurations that come from a source, whole, as they change. */
final class FollowTest {
    /** A source that says what the test tells it to, on the test's own thread. */
    private static final class Told implements ConfigSource {
        private volatile @Nullable Listener listener;
        private volatile boolean closed;
        private final @Nullable Configuration first;

        Told(@Nullable Configuration first) {
            this.first = first;
        }

        @Override
        public void watch(Listener newListener) {
            listener = newListener;
            if (first != null) {
                newListener.onConfiguration(first);
            }
        }

        Listener listener() {
            return Objects.requireNonNull(listener);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static Configuration answering(int status) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .route(route -> route.path("/**").respond(status))
                .process(process -> process.eventLoops(1))
                .configuration();
    }

    private static int status(LoadBalancer lb) {
        return Traffic.get(lb, "/").status();
    }

    @Test
    void eachConfigurationIsPutInForceAsItComes() {
        Told source = new Told(answering(202));
        try (LoadBalancer lb = LoadBalancer.of(answering(201)).start().follow(source)) {
            await().until(() -> status(lb) == 202);

            source.listener().onConfiguration(answering(203));
            await().until(() -> status(lb) == 203);
            await().until(() -> lb.stats().configuration().applied() == 3); // counted once it serves
            assertThat(lb.stats().configuration().lastRefusal()).isEmpty();
        }
        assertThat(source.closed).isTrue();
    }

    @Test
    void oneThatIsRefusedChangesNothingAndIsReported() throws IOException {
        List<ControlEvent> events = new CopyOnWriteArrayList<>();
        Observer observer = new Observer() {
            @Override
            public void onControl(ControlEvent event) {
                events.add(event);
            }
        };
        Told source = new Told(answering(201));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LoadBalancer lb = LoadBalancer.following(source, Duration.ofSeconds(5), observer)) {
            source.listener()
                    .onConfiguration(LoadBalancer.builder()
                            .listener("main", listener -> listener.port(0))
                            .listener("second", listener -> listener.port(taken.getLocalPort()))
                            .route(route -> route.path("/**").respond(204))
                            .configuration());
            await().until(() -> lb.stats().configuration().refused() == 1);
            assertThat(status(lb)).isEqualTo(201);
            assertThat(lb.stats().configuration().lastRefusal().orElse("")).contains("second");

            source.listener().onError(new IOException("lb.yaml: line 3"));
            assertThat(lb.stats().configuration().refused()).isEqualTo(2);
            assertThat(lb.stats().configuration().lastRefusal()).contains("lb.yaml: line 3");

            source.listener().onConfiguration(answering(205));
            await().until(() -> status(lb) == 205);
            await().until(() -> lb.stats().configuration().lastRefusal().isEmpty());
        }
        assertThat(events).hasSize(4);
        assertThat(events.get(0)).isEqualTo(new ControlEvent.ConfigurationApplied(1));
        assertThat(events.get(1)).isInstanceOf(ControlEvent.ConfigurationRefused.class);
        assertThat(events.get(2)).isEqualTo(new ControlEvent.ConfigurationRefused("lb.yaml: line 3"));
        assertThat(events.get(3)).isEqualTo(new ControlEvent.ConfigurationApplied(2));
    }

    @Test
    void aSourceWithoutAConfigurationStartsNothing() {
        Told source = new Told(null);

        assertThatThrownBy(() -> LoadBalancer.following(source, Duration.ofMillis(100)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PT0.1S");
        assertThat(source.closed).isTrue();
    }
}
