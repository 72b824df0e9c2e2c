package io.lb4j.it.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.ListenerBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.stats.ListenerStatistics;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.time.Aside;
import io.lb4j.testkit.tls.ClientTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Listeners that come, change, move and go while the balancer serves. */
final class ListenerChangesTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";
    private static final ClientTls TRUSTING = ClientTls.trustAll().serverName("a.test");

    private static LoadBalancerBuilder balancer() {
        return LoadBalancer.builder()
                .route(route -> route.path("/**").respond(200, response -> response.body("here")))
                .process(process -> process.eventLoops(2).drainTimeout(Duration.ofSeconds(10)));
    }

    /** A listener whose answers tell its name. */
    private static Consumer<ListenerBuilder> named(String name, int port) {
        return listener -> listener.port(port).serverHeader(name);
    }

    private static String nameAt(int port) {
        try (RawClient client = RawClient.connect(port)) {
            return nameOn(client);
        }
    }

    private static String nameOn(RawClient client) {
        return client.send(GET).readResponse().headers().first("server").orElse("nobody");
    }

    private static ListenerStatistics listener(LoadBalancer lb, String name) {
        return Objects.requireNonNull(lb.stats().listeners().get(name));
    }

    @Test
    void twoListenersSwapTheirPorts() {
        try (ReservedPort one = ReservedPort.any();
                ReservedPort other = ReservedPort.any();
                LoadBalancer lb = balancer()
                        .listener("a", named("a", one.port()))
                        .listener("b", named("b", other.port()))
                        .start()) {
            assertThat(nameAt(one.port())).isEqualTo("a");

            lb.update(balancer()
                    .listener("a", named("a", other.port()))
                    .listener("b", named("b", one.port()))
                    .configuration());

            assertThat(nameAt(one.port())).isEqualTo("b");
            assertThat(nameAt(other.port())).isEqualTo("a");
            assertThat(lb.address("a").getPort()).isEqualTo(other.port());
        }
    }

    @Test
    void aListenerMovesToThePortOfOneThatGoes() {
        try (ReservedPort one = ReservedPort.any();
                ReservedPort other = ReservedPort.any();
                LoadBalancer lb = balancer()
                        .listener("a", named("a", one.port()))
                        .listener("b", named("b", other.port()))
                        .start();
                RawClient before = RawClient.connect(one.port())) {
            assertThat(nameOn(before)).isEqualTo("a");

            lb.update(balancer().listener("a", named("a", other.port())).configuration());

            assertThat(nameAt(other.port())).isEqualTo("a");
            before.expectClose();
            assertThatThrownBy(() -> RawClient.connect(one.port())).hasMessageContaining("cannot connect");
        }
    }

    @Test
    void noClientIsRefusedWhileAPortChangesHands() throws IOException {
        try (ReservedPort port = ReservedPort.any();
                LoadBalancer lb =
                        balancer().listener("a", named("a", port.port())).start();
                Knocker knocker = new Knocker(port.port())) {
            for (int i = 0; i < 40; i++) {
                String name = "b" + i % 2;
                lb.update(balancer().listener(name, named(name, port.port())).configuration());
                assertThat(nameAt(port.port())).isEqualTo(name);
            }

            assertThat(knocker.refused()).isZero();
        }
    }

    @Test
    void tlsIsSwitchedOnAndOffAgainForAPortThatNeverRefusesAClient() {
        try (ReservedPort port = ReservedPort.any();
                LoadBalancer lb =
                        balancer().listener("a", named("a", port.port())).start();
                RawClient plain = RawClient.connect(port.port());
                Knocker knocker = new Knocker(port.port())) {
            assertThat(nameOn(plain)).isEqualTo("a");

            lb.update(balancer()
                    .listener("a", named("a", port.port()).andThen(a -> a.tls(tls -> tls.selfSigned("a.test"))))
                    .configuration());
            try (RawClient secured = RawClient.connect(port.port(), TRUSTING)) {
                assertThat(nameOn(secured)).isEqualTo("a");
                assertThat(nameOn(plain)).isEqualTo("a"); // it keeps what it has

                lb.update(balancer().listener("a", named("a", port.port())).configuration());
                assertThat(nameAt(port.port())).isEqualTo("a");
                assertThat(nameOn(secured)).isEqualTo("a");
            }
            assertThat(knocker.refused()).isZero();
        }
    }

    @Test
    void aHandshakeEndsThatBeganBeforeTheTlsSettingsChanged() throws IOException {
        try (LoadBalancer lb = balancer()
                        .listener("a", a -> a.port(0).tls(tls -> tls.selfSigned("a.test")))
                        .start();
                Socket begun = new Socket(InetAddress.getLoopbackAddress(), lb.port())) {
            await().until(() -> listener(lb, "a").connectionsOpen() == 1);

            lb.update(balancer()
                    .listener("a", a -> a.port(0).tls(tls -> tls.selfSigned("a.test", "b.test")))
                    .configuration());

            try (Socket secured = TRUSTING.secure(begun)) {
                assertThat(secured.isConnected()).isTrue();
            }
            assertThat(listener(lb, "a").handshakesFailed()).isZero();
        }
    }

    @Test
    void theConnectionsOfAListenerThatGoesEnd() {
        try (ScriptedUpstream slow =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200, "late"));
                LoadBalancer lb = forwarding(slow).listener("b", b -> b.port(0)).start();
                RawClient busy = RawClient.connect(lb.address("b").getPort());
                RawClient idle = RawClient.connect(lb.address("b").getPort());
                RawH2Client streams = RawH2Client.connect(lb.address("b").getPort())) {
            assertThat(idle.send("GET /here HTTP/1.1\r\nHost: a.test\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
            int stream = streams.open(streams.head("GET", "/"), true);
            busy.send(GET);
            slow.awaitRequest();
            slow.awaitRequest();

            lb.update(forwarding(slow).configuration());

            idle.expectClose();
            streams.awaitGoAway();
            slow.release();
            assertThat(busy.readResponse().headers().first("connection")).contains("close");
            busy.expectClose();
            assertThat(streams.awaitResponse(stream).status()).isEqualTo(200);
            streams.awaitClose();
        }
    }

    private static LoadBalancerBuilder forwarding(ScriptedUpstream upstream) {
        return balancer()
                .listener("a", a -> a.port(0))
                .cluster("api", api -> api.endpoint("127.0.0.1", upstream.port()))
                .route("api", route -> route.path("/").to("api"));
    }

    /** Connects again and again, and counts how often it is refused. */
    private static final class Knocker implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger refused = new AtomicInteger();
        private final AtomicInteger let = new AtomicInteger();
        private final CompletableFuture<Void> knocking;

        Knocker(int port) {
            knocking = CompletableFuture.runAsync(() -> knockAt(port), Aside.THREAD);
        }

        private void knockAt(int port) {
            while (!over.get()) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.setSoLinger(true, 0); // no port is kept waiting
                    let.incrementAndGet();
                } catch (IOException e) {
                    refused.incrementAndGet();
                }
            }
        }

        int refused() {
            int before = let.get();
            await().until(() -> let.get() > before || refused.get() > 0);
            return refused.get();
        }

        @Override
        public void close() {
            over.set(true);
            knocking.join();
        }
    }
}
