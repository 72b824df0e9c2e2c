package io.lb4j.it.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.LoadBalancer;
import io.lb4j.spi.Registrar;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RegistrationTest {
    private final List<Registrar.Announcement> registry = new CopyOnWriteArrayList<>();
    private final AtomicInteger statusAtWithdrawal = new AtomicInteger();

    /** A registry in memory. */
    private final class InMemory implements Registrar {
        private final LoadBalancer lb;

        InMemory(LoadBalancer lb) {
            this.lb = lb;
        }

        @Override
        public Registration register(Announcement announcement) throws IOException {
            if (announcement.service().equals("refused")) {
                throw new IOException("no permission");
            }
            registry.add(announcement);
            return new Registration() {
                @Override
                public boolean isInForce() {
                    return registry.contains(announcement);
                }

                @Override
                public void close() {
                    registry.remove(announcement);
                    statusAtWithdrawal.set(Traffic.get(lb, "/").status());
                }
            };
        }

        @Override
        public void close() {
            registry.clear();
        }
    }

    private static LoadBalancer started() {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .route(route -> route.path("/**").respond(204))
                .process(process -> process.eventLoops(1))
                .start();
    }

    @Test
    void anAnnouncementIsWithdrawnBeforeTheBalancerStopsAccepting() throws IOException {
        try (LoadBalancer lb = started()) {
            Registrar.Registration registration = lb.register(
                    new InMemory(lb),
                    Registrar.Announcement.of("edge", "127.0.0.1", lb.port()).withMetadata(Map.of("zone", "a")));

            assertThat(registration.isInForce()).isTrue();
            assertThat(registry)
                    .hasSize(1)
                    .allMatch(announced -> announced.endpoint().port() == lb.port());
        }

        assertThat(registry).isEmpty();
        assertThat(statusAtWithdrawal).hasValue(204);
    }

    @Test
    void whatTheRegistryRefusesIsTheCallersToHandle() {
        try (LoadBalancer lb = started()) {
            assertThatThrownBy(() ->
                            lb.register(new InMemory(lb), Registrar.Announcement.of("refused", "127.0.0.1", lb.port())))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no permission");
        }
    }
}
