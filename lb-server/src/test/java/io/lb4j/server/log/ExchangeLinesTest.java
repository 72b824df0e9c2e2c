package io.lb4j.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.ReservedPort;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is logged of an exchange says which it was, for machines and for people. */
final class ExchangeLinesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.lb4j.internal");
    private final Lines lines = new Lines();

    /** Keeps what is logged, for others' tests log at the same time. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            events.add(event);
        }

        /** Waits for the line of a route, and returns it. */
        ILoggingEvent of(String route) {
            await().atMost(PATIENCE)
                    .until(() -> events.stream()
                            .anyMatch(event ->
                                    route.equals(event.getMDCPropertyMap().get("route"))));
            return events.stream()
                    .filter(event -> route.equals(event.getMDCPropertyMap().get("route")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A plugin that fails when there is an endpoint already. */
    private static final class Faulty implements Plugin, Filter {
        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Filter filter(FilterExchange exchange) {
            return this;
        }

        @Override
        public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
            throw new IllegalStateException("no such tenant");
        }
    }

    @BeforeEach
    void listen() {
        lines.setContext(logger.getLoggerContext());
        lines.start();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    private static LoadBalancerBuilder before(int port, String route) {
        return LoadBalancer.builder()
                .listener(listener -> listener.port(0))
                .cluster("api", cluster -> cluster.endpoint("127.0.0.1", port))
                .route(route, to -> to.path("/**").to("api"));
    }

    private static int ask(LoadBalancer balancer) {
        try (RawClient client = RawClient.connect(balancer.port())) {
            return client.send("GET /things?key=hunter2 HTTP/1.1\r\nhost: a\r\n\r\n")
                    .readResponse()
                    .status();
        }
    }

    private static JsonNode json(ILoggingEvent event) throws IOException {
        return new ObjectMapper().readTree(new JsonLayout().doLayout(event));
    }

    @Test
    void aPluginThatThrows() throws IOException {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                LoadBalancer balancer =
                        before(upstream.port(), "thrown").plugin(new Faulty()).start()) {
            assertThat(ask(balancer)).isEqualTo(500);

            JsonNode line = json(lines.of("thrown"));

            assertThat(line.path("level").asText()).isEqualTo("WARN");
            assertThat(line.path("message").asText())
                    .isEqualTo("plugin plugins.faulty failed on exchange "
                            + line.path("exchange").asText() + "; for a second it is counted only");
            assertThat(line.path("exchange").asLong()).isPositive();
            assertThat(line.path("cluster").asText()).isEqualTo("api");
            assertThat(line.path("endpoint").asText()).isEqualTo("127.0.0.1:" + upstream.port());
            assertThat(line.path("exception").asText()).contains("no such tenant");
        }
    }

    @Test
    void anEndpointThatRefuses() throws IOException {
        try (ReservedPort nobody = ReservedPort.any();
                LoadBalancer balancer = before(nobody.port(), "refused").start()) {
            assertThat(ask(balancer)).isEqualTo(502);

            JsonNode line = json(lines.of("refused"));

            assertThat(line.path("level").asText()).isEqualTo("DEBUG");
            assertThat(line.path("message").asText())
                    .contains("exchange " + line.path("exchange").asText() + ": GET ", " failed: connect_failed: ")
                    .doesNotContain("hunter2");
            assertThat(line.path("cluster").asText()).isEqualTo("api");
            assertThat(line.path("endpoint").asText()).isEqualTo("127.0.0.1:" + nobody.port());
        }
    }

    @Test
    void peopleReadTheSameBehindTheMessage() {
        PatternLayout layout = new PatternLayout();
        layout.setContext(logger.getLoggerContext());
        layout.setPattern(Logs.PATTERN);
        layout.start();
        try (LoadBalancer balancer = before(1, "read").plugin(new Faulty()).start()) {
            ask(balancer);

            String line = layout.doLayout(lines.of("read"));

            assertThat(line.lines().findFirst().orElseThrow())
                    .contains("WARN  PluginInstance: plugin plugins.faulty failed", " [", "route=read")
                    .contains("cluster=api")
                    .endsWith("]");
            logger.info("nothing of an exchange");
            assertThat(layout.doLayout(lines.events.stream()
                            .filter(event -> event.getMessage().startsWith("nothing"))
                            .findFirst()
                            .orElseThrow()))
                    .endsWith(" internal: nothing of an exchange" + System.lineSeparator());
        }
    }
}
