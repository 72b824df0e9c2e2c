package io.lb4j.discovery;

import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.config.Draft;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.config.PartFactory;
import io.lb4j.spi.Discovery;
import io.lb4j.testkit.server.Bind;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Endpoints from SRV records, by a provider that a configuration file can name. */
final class DnsServicesTest {
    @Test
    @SuppressWarnings("unchecked") // its kind says what it makes
    void theServicesUnderANameAreEndpoints() {
        PartFactory<Discovery> factory = (PartFactory<Discovery>) ServiceLoader.load(PartFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(known -> known.name().equals("dns"))
                .findFirst()
                .orElseThrow();
        Draft draft = new Draft(factory.section());
        draft.setText(factory.section().options().get(0), "_http._tcp.test", Origin.byDefault());
        Part provider = Part.of(factory, RegistrySettings.complete(draft));
        try (Bind dns = Bind.start("_http._tcp 1 SRV 0 5 8080 a", "_http._tcp 1 SRV 0 5 0 b", "a 1 A 127.0.0.2");
                LoadBalancer lb = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0))
                        .cluster("api", cluster -> cluster.discovery(provider))
                        .route("all", route -> route.path("/**").to("api"))
                        .process(
                                process -> process.eventLoops(1).dns(names -> names.servers("127.0.0.1:" + dns.port())))
                        .start()) {
            await().until(() -> Objects.requireNonNull(lb.stats().clusters().get("api"))
                    .endpoints()
                    .keySet()
                    .equals(Set.of("127.0.0.2:8080")));
        }
    }
}
