package io.lb4j.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Part;
import io.lb4j.discovery.Watched;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.TcpRelay;
import io.lb4j.testkit.time.InTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints from EndpointSlices, by an API server that is a mock unless {@code LB4J_KUBECONFIG} names another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KubernetesDiscoveryTest {
    private ApiServer api;
    private Path folder;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        api = ApiServer.start(folder);
    }

    @AfterAll
    void end() {
        api.close();
    }

    private static List<Endpoint> asked(Part provider) throws IOException {
        try (Discovery discovery = provider.create(Discovery.class)) {
            return discovery.discover();
        }
    }

    @Test
    void readsReadyPodsWithZoneNodeAndHints() throws IOException {
        api.slice(
                "read",
                "read-1",
                ApiServer.pod("10.0.0.1")
                        .withZone("a")
                        .withNodeName("n1")
                        .withNewTargetRef()
                        .withKind("Pod")
                        .withName("read-abc")
                        .endTargetRef()
                        .withNewHints()
                        .withForZones(new ForZone("a"), new ForZone("b"))
                        .endHints()
                        .build(),
                ApiServer.pod("10.0.0.2")
                        .editConditions()
                        .withReady(false)
                        .endConditions()
                        .build(),
                ApiServer.pod("10.0.0.3")
                        .editConditions()
                        .withReady(null)
                        .endConditions()
                        .build());

        Map<String, String> first =
                Map.of("zone", "a", "node", "n1", "pod", "read-abc", "zone_hints", "a,b", "namespace", api.namespace());
        assertThat(asked(api.cluster().service("read")))
                .containsExactly(
                        new Endpoint("10.0.0.1", 8080, 100, first),
                        new Endpoint("10.0.0.3", 8080, 100, Map.of("namespace", api.namespace())));
        assertThat(asked(api.cluster().service("nobody"))).isEmpty();
    }

    @Test
    void portsAreChosenByNameOrNumber() throws IOException {
        api.slice("ports", "ports-1", ApiServer.pod("10.1.0.1").build());

        assertThat(asked(api.cluster().service("ports", query -> query.port("admin"))))
                .extracting(Endpoint::port)
                .containsExactly(9090);
        assertThat(asked(api.cluster().service("ports", query -> query.port("8080"))))
                .extracting(Endpoint::port)
                .containsExactly(8080);
        assertThat(asked(api.cluster().service("ports", query -> query.port("grpc"))))
                .isEmpty();
    }

    @Test
    void theFirstPortIsOneOfTcpAndWherePortsAreNotNamedANumberWillDo() throws IOException {
        api.slice(
                "both",
                "both-1",
                List.of(ApiServer.port("h3", 8443, "UDP"), ApiServer.port("https", 8444, "TCP")),
                ApiServer.pod("10.1.1.1").build());
        assertThat(asked(api.cluster().service("both")))
                .extracting(Endpoint::port)
                .containsExactly(8444);
        assertThat(asked(api.cluster().service("both", query -> query.port("h3"))))
                .extracting(Endpoint::port)
                .containsExactly(8443);

        api.slice("bare", "bare-1", List.of(), ApiServer.pod("10.1.2.1").build());
        assertThat(asked(api.cluster().service("bare", query -> query.port("8080"))))
                .extracting(Endpoint::address)
                .containsExactly("10.1.2.1:8080");
        assertThat(asked(api.cluster().service("bare"))).isEmpty();
    }

    @Test
    void podsThatEndServeWhereThoseThatAreReadyHaveNotThePort() throws IOException {
        api.slice(
                "moving",
                "moving-1",
                List.of(ApiServer.port("web", 8080, "TCP")),
                ApiServer.pod("10.2.1.1")
                        .editConditions()
                        .withReady(false)
                        .withServing(true)
                        .withTerminating(true)
                        .endConditions()
                        .build());
        api.slice(
                "moving",
                "moving-2",
                List.of(ApiServer.port("other", 9090, "TCP")),
                ApiServer.pod("10.2.1.2").build());
        assertThat(asked(api.cluster().service("moving", query -> query.port("web"))))
                .extracting(Endpoint::address)
                .containsExactly("10.2.1.1:8080");
    }

    @Test
    void aPodWithAddressesOfBothFamiliesIsOneEndpointUnlessBothAreAskedFor() throws IOException {
        api.slice("dual", "dual-v4", ApiServer.namedPod("p1", "10.7.0.1"), ApiServer.namedPod("p2", "10.7.0.2"));
        api.slice6("dual", "dual-v6", ApiServer.namedPod("p1", "fd00::1"), ApiServer.namedPod("p3", "fd00::3"));

        assertThat(asked(api.cluster().service("dual")))
                .extracting(Endpoint::host)
                .containsExactlyInAnyOrder("10.7.0.1", "10.7.0.2", "fd00::3");
        assertThat(asked(api.cluster().service("dual", KubernetesQuery::preferIpv6)))
                .extracting(Endpoint::host)
                .containsExactlyInAnyOrder("fd00::1", "10.7.0.2", "fd00::3");
        assertThat(asked(api.cluster().service("dual", KubernetesQuery::ipv4Only)))
                .extracting(Endpoint::host)
                .containsExactlyInAnyOrder("10.7.0.1", "10.7.0.2");
        assertThat(asked(api.cluster().service("dual", KubernetesQuery::ipv6Only)))
                .extracting(Endpoint::host)
                .containsExactlyInAnyOrder("fd00::1", "fd00::3");
        assertThat(asked(api.cluster().service("dual", KubernetesQuery::bothFamilies)))
                .hasSize(4);
    }

    @Test
    void aNamespaceThatNobodyNamesIsTheDefaultOne() throws IOException {
        api.slice("elsewhere", "elsewhere-1", ApiServer.pod("10.1.3.1").build());
        assertThat(asked(api.everywhere().service("elsewhere"))).isEmpty();
    }

    @Test
    void podsThatEndServeWhileNoOtherIsReady() throws IOException {
        io.fabric8.kubernetes.api.model.discovery.v1.Endpoint ending = ApiServer.pod("10.2.0.1")
                .editConditions()
                .withReady(false)
                .withServing(true)
                .withTerminating(true)
                .endConditions()
                .build();
        api.slice("ending", "ending-1", ending);
        assertThat(asked(api.cluster().service("ending"))).hasSize(1);
        assertThat(asked(api.cluster().service("ending", KubernetesQuery::neverTerminating)))
                .isEmpty();

        api.slice("ending", "ending-1", ending, ApiServer.pod("10.2.0.2").build());
        assertThat(asked(api.cluster().service("ending")))
                .extracting(Endpoint::host)
                .containsExactly("10.2.0.2");
    }

    @Test
    void followsSlicesAsTheyComeChangeAndGo() {
        api.slice("follow", "follow-1", ApiServer.pod("10.3.0.1").build());
        try (Watched watched = Watched.by(api.cluster().service("follow"))) {
            watched.awaitAddresses("10.3.0.1:8080");
            api.slice("follow", "follow-2", ApiServer.pod("10.3.0.2").build());
            watched.awaitAddresses("10.3.0.1:8080", "10.3.0.2:8080");
            api.slice("follow", "follow-1", ApiServer.pod("10.3.0.3").build());
            watched.awaitAddresses("10.3.0.3:8080", "10.3.0.2:8080");
            api.delete("follow-2");
            watched.awaitAddresses("10.3.0.3:8080");
        }
    }

    @Test
    void selectorsFindSlicesWhateverTheirService() throws IOException {
        api.slice("one", "sel-1", ApiServer.pod("10.4.0.1").build());
        api.slice("two", "sel-2", ApiServer.pod("10.4.0.2").build());

        assertThat(asked(api.cluster().selected("app=two", UnaryOperator.identity())))
                .extracting(Endpoint::host)
                .containsExactly("10.4.0.2");
        assertThat(asked(api.everywhere().service("one", KubernetesQuery::allNamespaces)))
                .extracting(Endpoint::host)
                .contains("10.4.0.1");
        assertThat(asked(api.everywhere().namespace("another").service("one"))).isEmpty();
    }

    @Test
    void aServiceThatStandsForAnExternalNameIsThatName() throws IOException {
        api.external("outside", "api.example.com", 443);

        assertThat(asked(api.cluster().service("outside"))).containsExactly(Endpoint.of("api.example.com", 443));
    }

    @Test
    void anApiServerThatIsAwayIsNoticedAndFollowedWhenItIsBack() throws IOException {
        api.slice("away", "away-1", ApiServer.pod("10.5.0.1").build());
        try (TcpRelay relay = TcpRelay.to(api.address());
                Watched watched = Watched.by(Kubernetes.local()
                        .kubeconfig(api.kubeconfigBy(relay, folder))
                        .namespace(api.namespace())
                        .timeout(Duration.ofSeconds(1))
                        .service("away", query -> query.probe(Duration.ofMillis(200))))) {
            watched.awaitAddresses("10.5.0.1:8080");
            relay.stopListening();
            relay.resetConnections();
            watched.awaitStale();
            assertThat(watched.addresses()).containsExactly("10.5.0.1:8080");
            api.slice("away", "away-1", ApiServer.pod("10.5.0.2").build());
            relay.resumeListening();
            watched.awaitAddresses("10.5.0.2:8080");
            watched.awaitFresh();
        }
    }

    @Test
    void anApiServerThatHasForgottenItsConnectionsIsFollowedWhenItIsBack() throws IOException {
        api.slice("cut", "cut-1", ApiServer.pod("10.6.0.1").build());
        try (TcpRelay relay = TcpRelay.to(api.address());
                Watched watched = Watched.by(Kubernetes.local()
                        .kubeconfig(api.kubeconfigBy(relay, folder))
                        .namespace(api.namespace())
                        .timeout(Duration.ofSeconds(1))
                        .service("cut", query -> query.probe(Duration.ofMillis(200))))) {
            watched.awaitAddresses("10.6.0.1:8080");
            relay.abandonConnections();
            api.slice("cut", "cut-1", ApiServer.pod("10.6.0.2").build());
            watched.awaitAddresses("10.6.0.2:8080");
            watched.awaitFresh();
            api.slice("cut", "cut-1", ApiServer.pod("10.6.0.3").build());
            watched.awaitAddresses("10.6.0.3:8080");
        }
    }

    /** The informer's watch has one of the connections for itself, and which one is for the client to choose. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aConnectionThatDiesAloneAndSilentlyLeavesNothingUnseenForLong(int number) {
        InTime.within(Duration.ofSeconds(8), attempt -> untilSeen("lone" + number + "-" + attempt, number));
    }

    private Duration untilSeen(String service, int number) {
        api.slice(service, service + "-1", ApiServer.pod("10.8.0.1").build());
        try (TcpRelay relay = TcpRelay.to(api.address());
                Watched watched = Watched.by(Kubernetes.local()
                        .kubeconfig(api.kubeconfigBy(relay, folder))
                        .namespace(api.namespace())
                        .timeout(Duration.ofSeconds(1))
                        .service(service))) {
            watched.awaitAddresses("10.8.0.1:8080");
            relay.abandonConnections(each -> each == number);
            api.slice(service, service + "-1", ApiServer.pod("10.8.0.2").build());
            Duration time = InTime.timeOf(() -> watched.awaitAddresses("10.8.0.2:8080"));
            api.delete(service + "-1");
            watched.awaitAddresses();
            return time;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRoleThatDoesNotAllowItIsToldWhatItLacks() throws IOException {
        String status = """
            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403,
             "message": "endpointslices is forbidden: User \\"lb\\" cannot list it"}\
            """;
        try (ScriptedUpstream refusing =
                ScriptedUpstream.start(script -> script.onAny().answer(403, status))) {
            assertThatThrownBy(() -> asked(Kubernetes.local()
                            .kubeconfig(ApiServer.kubeconfig(folder, refusing.port()))
                            .namespace("a")
                            .service("a")))
                    .isInstanceOf(IOException.class)
                    .hasMessage("kubernetes: 403, endpointslices is forbidden: User \"lb\" cannot list it (expected: a"
                            + " role with get, list and watch on endpointslices of discovery.k8s.io, and get on"
                            + " services)");
        }
    }

    @Test
    void credentialsThatARealApiServerDoesNotKnowAreToldOf() throws IOException {
        assumeTrue(api.isReal(), "the mock knows all credentials");
        Kubernetes stranger = Kubernetes.local().kubeconfig(api.kubeconfigOfStranger(folder));
        assertThatThrownBy(() -> asked(stranger.service("a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("401")
                .hasMessageEndingWith("(expected: credentials that the API server knows)");
    }

    @Test
    void anApiServerThatIsNotThereAndAContextThatIsNotKnownSaySo() {
        assertThatThrownBy(() -> asked(Kubernetes.local()
                        .kubeconfig(ApiServer.kubeconfig(folder, 1))
                        .namespace("a")
                        .service("a")))
                .isInstanceOf(IOException.class)
                .hasMessage("kubernetes: no connection to the API server");
        assertThatThrownBy(() -> asked(api.cluster().context("nowhere").service("a")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("kubernetes: context: \"nowhere\" (expected: one of the kubeconfig, ");
        assertThatThrownBy(() -> api.cluster().selected("app=a", query -> query.allNamespaces()))
                .isInstanceOf(ConfigurationException.class);
    }
}
