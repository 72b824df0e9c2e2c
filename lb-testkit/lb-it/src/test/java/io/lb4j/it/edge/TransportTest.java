package io.lb4j.it.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.ListenerBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.config.ConfigurationException;
import io.lb4j.model.AltSvcPolicy;
import io.lb4j.stats.ListenerStatistics;
import io.lb4j.stats.TransportStatistics;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.time.Aside;
import io.lb4j.testkit.tls.ClientTls;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A listener's further transports, with one that knows public packages alone. */
@Isolated // counts how often toys are bound
final class TransportTest {
    private static final ToyTransport TOY = new ToyTransport("toy", "sound");
    private static final String GET = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";

    private static LoadBalancerBuilder with(ScriptedUpstream upstream, Consumer<ListenerBuilder> more) {
        return LoadBalancer.builder()
                .listener("main", listener -> {
                    listener.port(0).tls(tls -> tls.selfSigned("a.test"));
                    more.accept(listener);
                })
                .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                .route(route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(2).drainTimeout(Duration.ofSeconds(5)));
    }

    private static RawClient client(LoadBalancer lb) {
        return RawClient.connect(lb.port(), ClientTls.trustAll().serverName("a.test"));
    }

    private static Optional<String> altSvc(RawClient client) {
        return client.send(GET).readResponse().headers().first("alt-svc");
    }

    private static ListenerStatistics statistics(LoadBalancer lb) {
        return Counted.listener(lb, "main");
    }

    @Test
    void servesTheListenersRoutesBesideTcpOnTheSamePort() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).body("hello")));
                LoadBalancer lb =
                        with(upstream, listener -> listener.http3(TOY)).start();
                ToyClient toy = new ToyClient(lb.port());
                RawClient tcp = client(lb)) {
            assertThat(toy.ask("GET a.test /things")).isEqualTo("200 -\nhello");
            assertThat(toy.ask("POST a.test /things\nbody")).isEqualTo("200 -\nhello");

            assertThat(tcp.send(GET).readResponse().text()).isEqualTo("hello");
            assertThat(upstream.awaitRequests(3))
                    .extracting(request -> request.body().text())
                    .contains("body");
            ListenerStatistics main = statistics(lb);
            assertThat(main.connectionsOpen()).isEqualTo(2);
            assertThat(main.traffic().requests()).isEqualTo(3);
            TransportStatistics counted = main.transports().get("toy");
            assertThat(counted).isNotNull();
            assertThat(counted.isHealthy()).isTrue();
            assertThat(counted.figures()).containsEntry("requests", 2L);
            assertThat(counted.altSvc()).contains("toy=\":" + lb.port() + "\"; ma=86400");

            assertThat(toy.ask("BYE")).isEqualTo("bye");
            await().until(() -> statistics(lb).connectionsOpen() == 1); // it says so before it has gone
        }
    }

    @Test
    void isAdvertisedOnceInEveryAnswerOfTheOtherProtocols() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = with(upstream, listener -> listener.http3(TOY).altSvcMaxAge(Duration.ofMinutes(1)))
                        .route("gone", route -> route.path("/gone").respond(410))
                        .start();
                RawClient client = client(lb)) {
            String value = "toy=\":" + lb.port() + "\"; ma=60";
            assertThat(client.send(GET).readResponse().headers().all("alt-svc")).containsExactly(value);
            assertThat(client.send("GET /gone HTTP/1.1\r\nHost: a.test\r\n\r\n")
                            .readResponse()
                            .headers()
                            .all("alt-svc"))
                    .containsExactly(value);
            upstream.stopListening();
            upstream.closeConnections();
            assertThat(altSvc(client)).as("with a failure").contains(value);
        }
    }

    @Test
    void leavesAnEndpointsOwnWordUnlessItIsToldTo() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).header("alt-svc", "h9=\":9\"")));
                LoadBalancer lb =
                        with(upstream, listener -> listener.http3(TOY)).start();
                RawClient client = client(lb)) {
            assertThat(altSvc(client)).contains("h9=\":9\"");

            lb.update(with(upstream, listener -> listener.http3(TOY).altSvc(AltSvcPolicy.REPLACE))
                    .configuration());
            assertThat(altSvc(client)).contains("toy=\":" + lb.port() + "\"; ma=86400");

            lb.update(with(upstream, listener -> listener.http3(TOY).altSvc(AltSvcPolicy.OFF))
                    .configuration());
            assertThat(altSvc(client)).as("what was advertised is withdrawn").contains("clear");
        }
    }

    @Test
    void isKeptByAnUpdateThatSaysTheSame() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb =
                        with(upstream, listener -> listener.http3(TOY)).start();
                ToyClient toy = new ToyClient(lb.port())) {
            long bound = ToyTransport.BOUND.get();
            assertThat(toy.ask("GET a.test /")).startsWith("200");

            lb.update(with(upstream, listener -> listener.http3(new ToyTransport("toy", "sound")))
                    .route("gone", route -> route.path("/gone").respond(410))
                    .configuration());

            assertThat(ToyTransport.BOUND).hasValue(bound);
            assertThat(toy.ask("GET a.test /gone")).startsWith("410");
            assertThat(statistics(lb).connectionsOpen()).isEqualTo(1);
        }
    }

    @Test
    void isBoundAnewWhereItIsToldSomethingElse() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb =
                        with(upstream, listener -> listener.http3(TOY)).start();
                ToyClient toy = new ToyClient(lb.port())) {
            lb.update(with(upstream, listener -> listener.http3(new ToyTransport("toy", "ailing")))
                    .configuration());

            assertThat(toy.ask("GET a.test /")).startsWith("200");
            TransportStatistics counted = statistics(lb).transports().get("toy");
            assertThat(counted).isNotNull();
            assertThat(counted.trouble()).contains("no buffers");
        }
    }

    @Test
    void saysGoodbyeBeforeItIsBoundAnew() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb =
                        with(upstream, listener -> listener.http3(TOY)).start();
                ToyClient toy = new ToyClient(lb.port())) {
            assertThat(toy.ask("GET a.test /")).startsWith("200");
            CompletableFuture<Void> updating = CompletableFuture.runAsync(
                    () -> lb.update(with(upstream, listener -> listener.http3(new ToyTransport("toy", "ailing")))
                            .configuration()),
                    Aside.THREAD);

            assertThat(toy.read()).isEqualTo("goaway");

            updating.join(); // a client that does not go is not waited for without end
            assertThat(statistics(lb).transports().get("toy"))
                    .extracting(TransportStatistics::trouble)
                    .isEqualTo(Optional.of("no buffers"));
        }
    }

    @Test
    void drainsWhenAnUpdateTakesItAway() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb =
                        with(upstream, listener -> listener.http3(TOY)).start();
                ToyClient toy = new ToyClient(lb.port());
                RawClient client = client(lb)) {
            assertThat(toy.ask("GET a.test /")).startsWith("200");

            lb.update(with(upstream, listener -> {}).configuration());

            assertThat(toy.read()).isEqualTo("goaway");
            assertThat(altSvc(client)).contains("clear");
            assertThat(toy.ask("BYE")).isEqualTo("bye");
            await().untilAsserted(() -> new DatagramSocket(lb.address("main")).close());
        }
    }

    @Test
    void thatWasTakenAwayDoesNotOutliveTheBalancer() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                ToyClient toy = openAndLeave(upstream)) {
            assertThat(toy.read()).isEqualTo("goaway");
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("lb4j-loop"));
        }
    }

    /** Returns a client whose connection was open when its transport was taken away, and then the balancer closed. */
    private static ToyClient openAndLeave(ScriptedUpstream upstream) {
        try (LoadBalancer lb = with(upstream, listener -> listener.http3(TOY))
                .process(process -> process.drainTimeout(Duration.ofMillis(50)))
                .start()) {
            ToyClient toy = new ToyClient(lb.port());
            assertThat(toy.ask("GET a.test /")).startsWith("200");
            lb.update(with(upstream, listener -> {})
                    .process(process -> process.drainTimeout(Duration.ofMinutes(1)))
                    .configuration());
            lb.update(with(upstream, listener -> {})
                    .process(process -> process.drainTimeout(Duration.ofMillis(50)))
                    .configuration());
            return toy;
        }
    }

    @Test
    void drainsWithTheListener() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200));
                LoadBalancer lb = with(upstream, listener -> listener.http3(TOY))
                        .route("gone", route -> route.path("/gone").respond(410))
                        .process(process -> process.drainTimeout(Duration.ofMinutes(1)))
                        .start();
                ToyClient toy = new ToyClient(lb.port());
                RawClient client = client(lb)) {
            client.send(GET);
            upstream.awaitRequest();
            assertThat(toy.ask("GET a.test /gone")).startsWith("410");
            CompletableFuture<Void> closing = CompletableFuture.runAsync(lb::close, Aside.THREAD);

            assertThat(toy.read()).isEqualTo("goaway");
            upstream.release();
            assertThat(client.readResponse().headers().first("alt-svc")).contains("clear");
            toy.ask("BYE");

            closing.join();
        }
    }

    @Test
    void countsItsConnectionsAmongTheListeners() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = with(
                                upstream,
                                listener -> listener.http3(TOY).limits(limits -> limits.connectionsPerClient(2)))
                        .start();
                RawClient first = client(lb);
                ToyClient second = new ToyClient(lb.port());
                ToyClient third = new ToyClient(lb.port())) {
            assertThat(first.send(GET).readResponse().status()).isEqualTo(200);
            assertThat(second.ask("GET a.test /")).startsWith("200");
            assertThat(third.ask("GET a.test /")).isEqualTo("refused");
            assertThat(second.ask("BYE")).isEqualTo("bye");
            assertThat(third.ask("GET a.test /")).startsWith("200");
            assertThat(statistics(lb).clientConnectionsRefused()).isEqualTo(1);
        }
    }

    @Test
    void hasTheListenersCertificatesAndTicketKeys() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb =
                        with(upstream, listener -> listener.http3(TOY)).start();
                ToyClient toy = new ToyClient(lb.port())) {
            assertThat(toy.ask("CERT a.test")).isEqualTo("[a.test] 1 NONE");
            assertThat(toy.ask("CERT unknown.test")).as("the default").isEqualTo("[a.test] 1 NONE");

            lb.update(with(upstream, listener -> listener.http3(TOY).tls(tls -> tls.selfSigned("b.test")))
                    .configuration());

            assertThat(toy.ask("CERT a.test")).startsWith("[").contains("b.test");
        }
    }

    @Test
    void letsEarlyDataThroughOnlyWhereItMayBeReplayed() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb =
                        with(upstream, listener -> listener.http3(TOY)).start();
                ToyClient toy = new ToyClient(lb.port())) {
            assertThat(toy.ask("GET a.test early /")).startsWith("200");
            assertThat(upstream.awaitRequest().headers().all("early-data")).containsExactly("1");
            assertThat(toy.ask("POST a.test early /\nbody")).startsWith("425");
            assertThat(toy.ask("POST a.test /\nbody")).startsWith("200");
            assertThat(upstream.awaitRequests(2).get(1).headers().contains("early-data"))
                    .isFalse();
        }
    }

    @Test
    void isRefusedWithoutTlsTwiceOrWhereItCannotWork() {
        assertThatThrownBy(() -> LoadBalancer.builder()
                        .listener(
                                "main",
                                listener -> listener.port(0)
                                        .http3(TOY)
                                        .http3(TOY)
                                        .transport(new ToyTransport("other", "broken")))
                        .configuration())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("toy-native on the class path");
        assertThatThrownBy(() -> LoadBalancer.builder()
                        .listener(
                                "main", listener -> listener.port(0).http3(TOY).http3(TOY))
                        .configuration())
                .hasMessageContaining("listeners.main.tls: missing (expected: TLS, because transports are set)")
                .hasMessageContaining("listeners.main.transports: toy (expected: each transport once)");
    }

    @Test
    void failsTheStartWhereItsPortIsTaken() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                DatagramSocket taken = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            LoadBalancerBuilder builder =
                    with(upstream, listener -> listener.http3(TOY).port(taken.getLocalPort()));

            assertThatThrownBy(builder::start).hasMessageContaining("toy: cannot bind");
            List<String> left = Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith("lb4j-loop"))
                    .toList();
            assertThat(left).isEmpty();
        }
    }
}
