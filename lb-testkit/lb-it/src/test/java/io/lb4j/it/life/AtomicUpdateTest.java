package io.lb4j.it.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.model.Configuration;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.lb4j.spi.PluginContext;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.net.ReservedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An update that cannot be made whole is not made at all. */
final class AtomicUpdateTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int BEFORE = 201;
    private static final int NEXT = 202;

    @TempDir
    Path folder;

    private final ReservedPort fresh = ReservedPort.any();
    private final LoadBalancer lb = answering(BEFORE).start();
    private final RawClient client = RawClient.connect(lb.port());

    @BeforeEach
    void serves() {
        assertThat(client.send(GET).readResponse().status()).isEqualTo(BEFORE);
    }

    @AfterEach
    void close() {
        client.close();
        lb.close();
        fresh.close();
    }

    private static LoadBalancerBuilder answering(int status) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .route("only", route -> route.path("/**").respond(status))
                .process(process -> process.eventLoops(2).drainTimeout(Duration.ofSeconds(5)));
    }

    /** Asks for a configuration that would change much, but for one thing that cannot be. */
    private void assertRefused(UnaryOperator<LoadBalancerBuilder> impossible, String message) {
        Configuration configuration = lb.configuration();
        long publications = lb.stats().configurations();
        Configuration next = impossible
                .apply(answering(NEXT)
                        .listener("fresh", listener -> listener.port(fresh.port()))
                        .cluster("more", cluster -> cluster.endpoint("127.0.0.1", 9)))
                .configuration();

        assertThatThrownBy(() -> lb.update(next)).hasMessageContaining(message);

        assertThat(lb.stats().configurations()).isEqualTo(publications); // not even for a moment
        assertThat(lb.configuration()).isSameAs(configuration);
        assertThat(client.send(GET).readResponse().status()).isEqualTo(BEFORE);
        assertThat(lb.stats().routes()).containsOnlyKeys("only");
        assertThat(lb.stats().clusters()).isEmpty();
        assertThat(lb.stats().listeners()).containsOnlyKeys("main");
        assertThatThrownBy(() -> RawClient.connect(fresh.port())).hasMessageContaining("cannot connect");
    }

    @Test
    void whereAListenerCannotBind() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(next -> next.listener("second", second -> second.port(taken.getLocalPort())), "second");
        }
    }

    @Test
    void whereAFileOfAListenerIsNotWhatItShouldBe() throws IOException {
        Path file = Files.writeString(folder.resolve("chain.pem"), "neither chain nor key");
        assertRefused(
                next -> next.listener("secured", it -> it.port(0).tls(tls -> tls.certificate(file, file))),
                "chain.pem");
    }

    @Test
    void whereAFileOfAClusterIsNotWhatItShouldBe() throws IOException {
        Path file = Files.writeString(folder.resolve("trust.pem"), "nobody to trust");
        assertRefused(
                next -> next.cluster(
                        "secured", it -> it.endpoint("127.0.0.1", 9).tls(tls -> tls.trust(file))),
                "trust.pem");
    }

    @Test
    void whereAPluginCannotBeInitialised() {
        assertRefused(next -> next.plugin(new Unwilling()), "not today");
    }

    private static final class Unwilling implements Plugin {
        @Override
        public String name() {
            return "unwilling";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Filter filter(FilterExchange exchange) {
            throw new IllegalStateException("filter: asked for (expected: never)");
        }

        @Override
        public void init(PluginContext context) {
            throw new IllegalStateException("not today");
        }
    }
}
