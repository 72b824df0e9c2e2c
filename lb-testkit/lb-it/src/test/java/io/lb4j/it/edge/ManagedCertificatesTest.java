package io.lb4j.it.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.ManagedCertificates;
import io.lb4j.spi.Observer;
import io.lb4j.spi.SharedStore;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.time.Aside;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.LeafSpec;
import io.lb4j.testkit.tls.LeafSpec.KeyKind;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates that take care of themselves: served, swapped, waited for, and their challenges answered. */
final class ManagedCertificatesTest {
    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final String CHALLENGE = "/.well-known/acme-challenge/";

    private final FakeAcme acme = new FakeAcme();
    private final List<ControlEvent> events = new CopyOnWriteArrayList<>();

    private LoadBalancerBuilder configured() {
        return LoadBalancer.builder()
                .listener("plain", listener -> listener.port(0))
                .listener("secure", listener -> listener.port(0).tls(tls -> {}))
                .route("all", route -> route.path("/**").respond(200, response -> response.body("routed")))
                .route("away", route -> route.path(CHALLENGE + "moved").redirect(to -> to.path("/elsewhere")))
                .acme(acme)
                .observer(new Observer() {
                    @Override
                    public void onControl(ControlEvent event) {
                        events.add(event);
                    }
                })
                .process(process -> process.eventLoops(2).drainTimeout(Duration.ofSeconds(5)));
    }

    private static Certificate certificate(TestCertificate made) {
        return new Certificate(made.key(), made.chain());
    }

    private static RawClient secure(LoadBalancer lb, ClientTls tls) {
        return RawClient.connect(lb.address("secure").getPort(), tls);
    }

    private static String shownTo(LoadBalancer lb, String name) {
        try (RawClient client = secure(lb, ClientTls.trustAll().serverName(name))) {
            return client.tls().orElseThrow().peerSubject().orElseThrow();
        }
    }

    private static RawResponse ask(LoadBalancer lb, String method, String host, String path) {
        try (RawClient client = RawClient.connect(lb.address("plain").getPort())) {
            return client.send(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                    .readResponse(method);
        }
    }

    @Test
    void answersOverHttpTheTokensThatAreKnownAndRoutesAllElse() {
        acme.tokens.put("a.test the-token_1", "the-token_1.thumbprint");
        acme.tokens.put("a.test moved", "moved.thumbprint");
        try (LoadBalancer lb = configured().start()) {
            RawResponse answer = ask(lb, "GET", "A.test:80", CHALLENGE + "the-token_1");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("the-token_1.thumbprint");
            assertThat(ask(lb, "GET", "a.test", CHALLENGE + "moved").text())
                    .as("before the route that redirects")
                    .isEqualTo("moved.thumbprint");

            assertThat(ask(lb, "GET", "b.test", CHALLENGE + "the-token_1").text())
                    .isEqualTo("routed");
            assertThat(ask(lb, "GET", "a.test", CHALLENGE + "another").text()).isEqualTo("routed");
            assertThat(ask(lb, "POST", "a.test", CHALLENGE + "the-token_1").text())
                    .isEqualTo("routed");
            assertThat(ask(lb, "GET", "a.test", CHALLENGE + "the-token_1?x").text())
                    .isEqualTo("routed");
            assertThat(ask(lb, "GET", "a.test", CHALLENGE + "x/the-token_1").text())
                    .isEqualTo("routed");
            assertThat(ask(lb, "GET", "b.test", CHALLENGE + "moved").status()).isEqualTo(307);
        }
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void answersOverTlsWhoValidatesAName(KeyKind kind) throws IOException {
        TestCertificates other = TestCertificates.create();
        acme.tlsChallenges.put(
                "a.test",
                certificate(
                        other.issue(LeafSpec.named("challenge").names("a.test").key(kind))));
        acme.put("a.test", certificate(AUTHORITY.server("a.test")));
        try (LoadBalancer lb = configured().start()) {
            int port = lb.address("secure").getPort();
            ClientTls validator = ClientTls.trustAll().serverName("a.test").alpn("acme-tls/1");
            try (SSLSocket socket = validator.secure(new Socket(InetAddress.getLoopbackAddress(), port))) {
                assertThat(socket.getApplicationProtocol()).isEqualTo("acme-tls/1");
                assertThat(socket.getSession().getPeerPrincipal().getName()).isEqualTo("CN=challenge");
                assertThat(socket.getInputStream().read()).as("nothing follows").isEqualTo(-1);
            }
            assertThat(shownTo(lb, "a.test")).isEqualTo("CN=a.test");
            assertThatThrownBy(() -> RawClient.connect(port, validator.serverName("b.test")))
                    .rootCause()
                    .hasMessageContaining("no_application_protocol");
            try (RawClient both = RawClient.connect(port, validator.alpn("http/1.1", "acme-tls/1"))) {
                assertThat(both.tls().orElseThrow().applicationProtocol()).contains("http/1.1");
            }
        }
    }

    @Test
    void servesACertificateAtOnceAndItsReplacementToo() {
        try (LoadBalancer lb = configured().start()) {
            assertThatThrownBy(() -> shownTo(lb, "a.test")).rootCause().hasMessageContaining("handshake_failure");

            acme.put("a.test", certificate(AUTHORITY.server("a.test")));
            try (RawClient client = secure(lb, ClientTls.trusting(AUTHORITY).serverName("a.test"))) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                                .readResponse()
                                .text())
                        .isEqualTo("routed");
                acme.put(
                        "a.test",
                        certificate(AUTHORITY.issue(LeafSpec.named("renewed").names("a.test"))));
                assertThat(shownTo(lb, "a.test")).isEqualTo("CN=renewed");
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void isServedInPlaceOfASelfSignedOneOnceItIsThere() {
        try (LoadBalancer lb = LoadBalancer.builder()
                .listener("secure", listener -> listener.port(0).tls(tls -> tls.selfSigned("a.test")))
                .acme(acme)
                .start()) {
            assertThat(shownTo(lb, "a.test")).isEqualTo(shownTo(lb, "anything.test"));
            String selfSigned = shownTo(lb, "a.test");

            acme.put(
                    "a.test",
                    certificate(AUTHORITY.issue(LeafSpec.named("obtained").names("*.test"))));

            assertThat(shownTo(lb, "a.test")).isEqualTo("CN=obtained").isNotEqualTo(selfSigned);
        }
    }

    @Test
    void isWaitedForByHandshakesWhichShareOneSearch() {
        CompletableFuture<Optional<Certificate>> search = new CompletableFuture<>();
        acme.searches.put("a.test", search);
        try (LoadBalancer lb = configured().start()) {
            List<CompletableFuture<String>> shown = List.of(
                    CompletableFuture.supplyAsync(() -> shownTo(lb, "a.test"), Aside.THREAD),
                    CompletableFuture.supplyAsync(() -> shownTo(lb, "a.test"), Aside.THREAD));
            await().until(() -> Counted.listener(lb, "secure").connectionsOpen() == 2);
            await().until(() -> acme.found.get() > 0);
            assertThat(shown).noneMatch(CompletableFuture::isDone);

            search.complete(Optional.of(certificate(AUTHORITY.server("a.test"))));

            shown.forEach(one -> assertThat(one.join()).isEqualTo("CN=a.test"));
            assertThat(acme.found).hasValue(1);
        }
    }

    @Test
    void isNotWaitedForLongerThanAHandshakeMayTake() {
        acme.searches.put("a.test", new CompletableFuture<>());
        try (LoadBalancer lb = LoadBalancer.builder()
                .listener(
                        "secure", listener -> listener.port(0).tls(tls -> tls.handshakeTimeout(Duration.ofMillis(100))))
                .acme(acme)
                .start()) {
            assertThatThrownBy(() -> shownTo(lb, "a.test")).isNotNull();
            await().until(() -> Counted.listener(lb, "secure").handshakesFailed() == 1);
        }
    }

    @Test
    void livesAsLongAsTheBalancerNamesIt() {
        FakeAcme next = new FakeAcme();
        next.put("a.test", certificate(AUTHORITY.issue(LeafSpec.named("next").names("a.test"))));
        try (LoadBalancer lb = configured().start()) {
            assertThat(acme.life).containsExactly("open", "start", "listening on 1 and 1");
            lb.update(configured().configuration());
            assertThat(acme.life).containsExactly("open", "start", "listening on 1 and 1", "listening on 1 and 1");

            lb.update(configured().acme(next).configuration());

            assertThat(acme.life).endsWith("close");
            assertThat(next.life).containsExactly("open", "start", "listening on 1 and 1");
            assertThat(shownTo(lb, "a.test")).isEqualTo("CN=next");
        }
        assertThat(next.life).endsWith("close");
        assertThat(acme.life).filteredOn("close"::equals).hasSize(1);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("lb4j-acme");
    }

    @Test
    void hasAClockAThreadAndSomebodyToTell() throws Exception {
        SharedStore store = (SharedStore) Proxy.newProxyInstance(
                SharedStore.class.getClassLoader(), new Class<?>[] {SharedStore.class}, (self, method, arguments) -> {
                    if (method.getName().equals("hashCode")) {
                        return 1;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
        try (LoadBalancer lb = configured().store(store).start()) {
            ManagedCertificates.Context context = acme.context.join();
            String thread = context.scheduler()
                    .submit(() -> Thread.currentThread().getName())
                    .get();
            assertThat(thread).isEqualTo("lb4j-acme");
            assertThat(context.clock().instant()).isNotNull();
            assertThat(context.store().orElseThrow() == store).isTrue();
            context.reportFailure("certificate_failed", "a.test", new IOException("refused"));
            await().untilAsserted(() -> assertThat(events)
                    .filteredOn(ControlEvent.CertificateReport.class::isInstance)
                    .singleElement()
                    .isInstanceOfSatisfying(ControlEvent.CertificateReport.class, event -> {
                        assertThat(event.name()).isEqualTo("certificate_failed");
                        assertThat(event.failure()).isPresent();
                    }));
            assertThat(lb.port()).isPositive();
        }
    }

    @Test
    void thatCannotOpenFailsTheStartAndLeavesNothing() {
        ManagedCertificates broken = new FailingAcme();
        LoadBalancerBuilder builder = configured().acme(broken);
        assertThatThrownBy(builder::start).hasMessage("no account");

        try (LoadBalancer lb = configured().start()) {
            acme.put("a.test", certificate(AUTHORITY.server("a.test")));
            assertThatThrownBy(() -> lb.update(configured().acme(broken).configuration()))
                    .hasMessage("no account");
            assertThat(shownTo(lb, "a.test")).isEqualTo("CN=a.test");
            assertThat(acme.life).doesNotContain("close");
        }
    }

    private static final class FailingAcme implements ManagedCertificates {
        @Override
        public void open(Context context) {
            throw new IllegalStateException("no account");
        }

        @Override
        public Optional<Certificate> cached(String serverName) {
            return Optional.empty();
        }

        @Override
        public List<Certificate> certificates() {
            return List.of();
        }

        @Override
        public Optional<String> httpChallenge(String host, String token) {
            return Optional.empty();
        }

        @Override
        public Optional<Certificate> tlsChallenge(String serverName) {
            return Optional.empty();
        }
    }
}
