package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.lb4j.LoadBalancer;
import io.lb4j.acme.model.DemandDecision;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates for names that nobody has configured, when a handshake asks for them. */
final class OnDemandTest {
    private static final DemandDecision OURS = name -> name.endsWith(".ours.test");

    @TempDir
    Path folder;

    private static LoadBalancer start(Site site, Acme acme) {
        return site.balancer(acme).start();
    }

    /** Who is refused is shown the certificate of another name, as the listener has it by default. */
    private static void assertRefused(Site site, String name) {
        assertThat(site.certificateShown(name)).isEqualTo(site.certificateShown("a.ours.test"));
    }

    @Test
    void aHandshakeWaitsForItsCertificateAndTheNextDoesNot() {
        try (Site site = new Site(folder)) {
            try (LoadBalancer lb = start(site, site.acme().onDemand(by -> by.decision(OURS)))) {
                assertThat(lb.port()).isPositive();
                assertThat(site.issuerShown("a.ours.test")).startsWith("CN=Pebble");
                assertThat(site.issuerShown("a.ours.test")).startsWith("CN=Pebble");
                assertThat(site.pebble.orders()).isEqualTo(1);
                assertRefused(site, "a.theirs.test");
                assertThat(site.pebble.orders()).isEqualTo(1);
            }
            try (LoadBalancer lb = start(site, site.acme().onDemand(by -> by.decision(name -> false)))) {
                assertThat(lb.port()).isPositive();
                assertThat(site.issuerShown("a.ours.test"))
                        .as("what is stored is not decided again")
                        .startsWith("CN=Pebble");
                assertThat(site.pebble.orders()).isEqualTo(1);
            }
        }
    }

    @Test
    void handshakesForOneNameShareAnOrder() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(6);
        try (Site site = new Site(folder);
                LoadBalancer lb = start(site, site.acme().onDemand(by -> by.decision(OURS)))) {
            assertThat(lb.port()).isPositive();
            Callable<BigInteger> client =
                    () -> site.certificateShown("a.ours.test").getSerialNumber();
            List<Future<BigInteger>> shown = clients.invokeAll(
                    IntStream.range(0, 6).mapToObj(i -> client).toList());
            BigInteger first = shown.get(0).get();
            for (Future<BigInteger> each : shown) {
                assertThat(each.get()).isEqualTo(first);
            }
            assertThat(site.pebble.orders()).isEqualTo(1);
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void namesAreBoundedInAMinuteAndInAll() {
        try (Site site = new Site(folder)) {
            try (LoadBalancer lb =
                    start(site, site.acme().onDemand(by -> by.decision(OURS).maxNames(1)))) {
                assertThat(lb.port()).isPositive();
                assertThat(site.issuerShown("a.ours.test")).startsWith("CN=Pebble");
                assertRefused(site, "b.ours.test");
            }
            try (LoadBalancer lb =
                    start(site, site.acme().onDemand(by -> by.decision(OURS).rate(1)))) {
                assertThat(lb.port()).isPositive();
                assertThat(site.issuerShown("a.ours.test"))
                        .as("which is not new")
                        .startsWith("CN=Pebble");
                assertThat(site.issuerShown("b.ours.test")).startsWith("CN=Pebble");
                assertRefused(site, "c.ours.test");
            }
            assertThat(site.pebble.orders()).isEqualTo(2);
        }
    }

    @Test
    void aNameThatLeadsElsewhereIsOrderedOnceHoweverManyAskForIt() {
        try (Site site = new Site(folder);
                LoadBalancer lb = start(site, site.acme().domains("a.ours.test").onDemand(by -> by.decision(OURS)))) {
            assertThat(lb.port()).isPositive();
            site.pebble.dns("add-a", "{\"host\":\"gone.ours.test\",\"addresses\":[\"127.0.0.99\"]}");
            assertRefused(site, "gone.ours.test");
            long orders = site.pebble.orders();
            assertRefused(site, "gone.ours.test");
            assertRefused(site, "gone.ours.test");
            assertThat(site.pebble.orders()).isEqualTo(orders);
        }
    }

    @Test
    void anAddressIsAsked() throws IOException {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/ask", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            boolean isOurs = exchange.getRequestURI().getQuery().equals("domain=a.ours.test");
            exchange.sendResponseHeaders(isOurs ? 200 : 302, -1);
            exchange.close();
        });
        service.start();
        try (Site site = new Site(folder);
                LoadBalancer lb = start(
                        site,
                        site.acme()
                                .onDemand(by -> by.ask("http://127.0.0.1:"
                                        + service.getAddress().getPort() + "/ask")))) {
            assertThat(lb.port()).isPositive();
            assertThat(site.issuerShown("a.ours.test")).startsWith("CN=Pebble");
            assertRefused(site, "b.ours.test");
            assertThat(asked).containsExactly("/ask?domain=a.ours.test", "/ask?domain=b.ours.test");
        } finally {
            service.stop(0);
        }
    }
}
