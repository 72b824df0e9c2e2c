package io.lb4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Fault;
import io.lb4j.config.Limit;
import io.lb4j.model.Cluster;
import io.lb4j.model.Configuration;
import io.lb4j.model.Endpoint;
import io.lb4j.model.HealthCheck;
import io.lb4j.model.Listener;
import io.lb4j.model.Route;
import io.lb4j.model.RouteAction;
import io.lb4j.model.RouteTimeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoadBalancerBuilderTest {
    @Test
    void makesTypedViewsOfWhatWasSet() {
        Configuration configuration = new LoadBalancerBuilder()
                .listener("main", l -> l.port(8443).tls(t -> t.selfSigned("localhost")))
                .cluster(
                        "api",
                        c -> c.endpoint("127.0.0.1", 9001)
                                .endpoint(Endpoint.of("::1", 9002).withWeight(50))
                                .health(h -> h.http("/healthz")))
                .route(r -> r.host("api.example.com").path("/api/**").to("api"))
                .configuration();

        Listener listener = configuration.listeners().get(0);
        assertThat(listener.name()).isEqualTo("main");
        assertThat(listener.port()).isEqualTo(8443);
        assertThat(listener.tls().orElseThrow().selfSigned()).containsExactly("localhost");
        Cluster cluster = configuration.clusters().get(0);
        assertThat(cluster.endpoints()).extracting(Endpoint::address).containsExactly("127.0.0.1:9001", "[::1]:9002");
        assertThat(cluster.endpoints().get(1).weight()).isEqualTo(50);
        assertThat(cluster.health().map(HealthCheck::path)).contains("/healthz");
        Route route = configuration.routes().get(0);
        assertThat(route.name()).isEqualTo("route-1");
        assertThat(route.action()).isEqualTo(new RouteAction.Forward(Map.of("api", 1), Optional.empty()));
    }

    @Test
    void fillsInTheDefaults() {
        Configuration configuration = new LoadBalancerBuilder()
                .listener(l -> l.port(0))
                .cluster("api", c -> c.endpoint("127.0.0.1", 9001))
                .route(r -> r.to("api"))
                .configuration();

        Listener listener = configuration.listeners().get(0);
        assertThat(listener.name()).isEqualTo("listener-1");
        assertThat(listener.host()).isEqualTo("127.0.0.1");
        assertThat(listener.limits().headerCount()).isEqualTo(100);
        assertThat(listener.limits().body()).isEqualTo(Limit.unlimited());
        Cluster cluster = configuration.clusters().get(0);
        assertThat(cluster.pool().maxConnections()).isEqualTo(1024);
        assertThat(cluster.pool().idleTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(cluster.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(cluster.tls()).isEmpty();
        assertThat(configuration.routes().get(0).retry().count()).isEqualTo(2);
    }

    @Test
    void limitsNoStreamByDefaultAndThoseThatStreamLikeAnyOtherWhereItIsSaid() {
        RouteTimeouts byDefault = new LoadBalancerBuilder()
                .listener(l -> l.port(0))
                .route(r -> r.respond(200))
                .configuration()
                .routes()
                .get(0)
                .timeouts();
        RouteTimeouts said = new LoadBalancerBuilder()
                .listener(l -> l.port(0))
                .route(r -> r.respond(200)
                        .timeouts(t -> t.firstByte(Duration.ofSeconds(1)).exchange(Duration.ofSeconds(2))))
                .configuration()
                .routes()
                .get(0)
                .timeouts();

        assertThat(byDefault.firstByte()).isEqualTo(Limit.of(Duration.ofMinutes(1)));
        assertThat(byDefault.exchange()).isEqualTo(Limit.of(Duration.ofHours(1)));
        assertThat(byDefault.streamingFirstByte()).isEqualTo(Limit.unlimited());
        assertThat(byDefault.streamingExchange()).isEqualTo(Limit.unlimited());
        assertThat(said.streamingFirstByte()).isEqualTo(Limit.of(Duration.ofSeconds(1)));
        assertThat(said.streamingExchange()).isEqualTo(Limit.of(Duration.ofSeconds(2)));
    }

    @Test
    void namesAllFaultsAtOnceWithPathAndValue() {
        List<Fault> faults = faultsOf(new LoadBalancerBuilder()
                .listener("main", l -> l.port(70_000).limits(m -> m.headerCount(0)))
                .cluster("api", c -> c.endpoint("127.0.0.1", 0).panicThreshold(2))
                .route("r", r -> r.path("nowhere").to("apj")));

        assertThat(faults)
                .extracting(Fault::message)
                .containsExactly(
                        "listeners.main.port: 70000 (expected: 0..65535)",
                        "listeners.main.limits.header_count: 0 (expected: 1..10000)",
                        "clusters.api.endpoints[0].port: 0 (expected: 1..65535)",
                        "clusters.api.panic_threshold: \"200%\" (expected: a share such as 20% or 0.2, 0%..100%)",
                        "routes.r.path: \"nowhere\" (expected: a path that begins with /)",
                        "routes.r.cluster: \"apj\" (expected: a cluster that is declared; did you mean \"api\"?)");
    }

    @Test
    void saysWhichLineSetTheValue() {
        List<Fault> faults = faultsOf(new LoadBalancerBuilder().listener("main", l -> l.port(-1)));

        assertThat(faults)
                .singleElement()
                .extracting(fault -> fault.origin().toString())
                .asString()
                .matches("port\\(…\\) at LoadBalancerBuilderTest\\.java:\\d+");
    }

    @Test
    void hasALinePerFaultInTheExceptionsMessage() {
        ConfigurationException thrown = catchThrowableOfType(
                ConfigurationException.class,
                () -> new LoadBalancerBuilder()
                        .listener("a", l -> l.port(-1))
                        .listener("b", l -> l.port(-2))
                        .configuration());

        assertThat(thrown)
                .message()
                .matches("2 faults in the configuration:\\n"
                        + "listeners\\.a\\.port: -1 \\(expected: 0\\.\\.65535\\) \\[port\\(…\\) at .*]\\n"
                        + "listeners\\.b\\.port: -2 \\(expected: 0\\.\\.65535\\) \\[port\\(…\\) at .*]");
    }

    @Test
    void requiresAListener() {
        assertThat(faultsOf(new LoadBalancerBuilder()))
                .extracting(Fault::path, Fault::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("listeners", Fault.Code.MISSING));
    }

    @Test
    void findsListenersThatTakeOneAddress() {
        assertThat(messages(new LoadBalancerBuilder()
                        .listener("a", l -> l.port(8080))
                        .listener("b", l -> l.host("0.0.0.0").port(8080))
                        .listener("c", l -> l.port(8081))))
                .containsExactly("listeners.b.port: 0.0.0.0:8080 (expected: an address that listener a does not take)");
    }

    @Test
    void letsSeveralListenersAskForAFreePort() {
        Configuration configuration = new LoadBalancerBuilder()
                .listener(l -> l.port(0))
                .listener(l -> l.port(0))
                .configuration();

        assertThat(configuration.listeners()).extracting(Listener::name).containsExactly("listener-1", "listener-2");
    }

    @Test
    void findsNamesThatAreTaken() {
        assertThat(messages(listening()
                        .cluster("api", c -> c.endpoint("127.0.0.1", 1))
                        .cluster("api", c -> c.endpoint("127.0.0.1", 2))))
                .containsExactly("clusters.api.name: \"api\" (expected: a name of its own)");
    }

    @Test
    void findsAnEndpointThatIsNamedTwice() {
        assertThat(messages(listening()
                        .cluster("api", c -> c.endpoint("127.0.0.1", 1).endpoint("127.0.0.1", 1))))
                .containsExactly("clusters.api.endpoints[1]: 127.0.0.1:1 (expected: each address once)");
    }

    @Test
    void requiresEndpointsOfACluster() {
        assertThat(messages(listening().cluster("api", c -> {})))
                .containsExactly("clusters.api: missing (expected: endpoints, or discovery with providers)");
    }

    @Test
    void requiresACertificateWithTls() {
        assertThat(messages(new LoadBalancerBuilder()
                        .listener("main", l -> l.port(0).tls(t -> {}))))
                .containsExactly(
                        "listeners.main.tls.certificates: missing (expected: certificates, self_signed or sources, or acme for the whole)");
    }

    @Test
    void requiresTrustWithClientCertificates() {
        assertThat(messages(new LoadBalancerBuilder()
                        .listener(
                                "main",
                                l -> l.port(0)
                                        .tls(t -> t.selfSigned("localhost")
                                                .clientAuth(io.lb4j.model.ClientAuth.OPTIONAL)))))
                .containsExactly(
                        "listeners.main.tls.client_trust: missing (expected: a file, because client_auth is set)");
    }

    @Test
    void findsFilesThatCannotBeRead() {
        assertThat(messages(new LoadBalancerBuilder()
                        .listener(
                                "main",
                                l -> l.port(0)
                                        .tls(t -> t.certificate(
                                                java.nio.file.Path.of("no.pem"), java.nio.file.Path.of("no.key"))))))
                .containsExactly(
                        "listeners.main.tls.certificates[0].chain: \"no.pem\" (expected: a file that can be read)",
                        "listeners.main.tls.certificates[0].key: \"no.key\" (expected: a file that can be read)");
    }

    @Test
    void refusesVersionsInTheWrongOrder() {
        assertThat(messages(new LoadBalancerBuilder()
                        .listener(
                                "main",
                                l -> l.port(0)
                                        .tls(t -> t.selfSigned("localhost")
                                                .minVersion(io.lb4j.model.TlsVersion.TLS_1_3)
                                                .maxVersion(io.lb4j.model.TlsVersion.TLS_1_2)))))
                .containsExactly("listeners.main.tls.min_version: 1.3 (expected: not above max_version)");
    }

    @Test
    void refusesARouteThatGoesTwoWays() {
        assertThat(messages(api().route("r", r -> r.to("api").redirect(d -> d.https()))))
                .containsExactly(
                        "routes.r: cluster, redirect (expected: exactly one of cluster, split, redirect, respond)");
    }

    @Test
    void refusesASplitWithoutWeight() {
        assertThat(messages(api().route("r", r -> r.to("api", 0))))
                .containsExactly("routes.r.split: all weights 0 (expected: a weight above 0)");
    }

    @Test
    void splitsByWeightInTheOrderOfDeclaration() {
        Route route = api().cluster("canary", c -> c.endpoint("127.0.0.1", 2))
                .route(r -> r.to("canary", 10).to("api", 90))
                .configuration()
                .routes()
                .get(0);

        assertThat(((RouteAction.Forward) route.action()).weights())
                .containsExactly(Map.entry("canary", 10), Map.entry("api", 90));
    }

    @Test
    void saysWhereARegularExpressionIsWrong() {
        assertThat(messages(api().route("r", r -> r.pathRegex("/a(").to("api"))))
                .singleElement()
                .asString()
                .startsWith("routes.r.path_regex: \"/a(\" (expected: a regular expression; this has a fault");
    }

    @Test
    void refusesARewriteOfVariablesThatThePathDoesNotHave() {
        assertThat(messages(
                        api().route("r", r -> r.path("/users/{id}").to("api").rewrite(w -> w.path("/u/{ib}")))))
                .containsExactly("routes.r.rewrite.path: \"{ib}\" (expected: a variable of the path /users/{id};"
                        + " did you mean \"{id}\"?)");
    }

    @Test
    void refusesToReplaceThePrefixOfAPathThatHasNone() {
        assertThat(messages(api().route("r", r -> r.path("/a").to("api").rewrite(w -> w.prefix("/b")))))
                .containsExactly("routes.r.rewrite.prefix: a prefix (expected: a path that ends in /**, not /a)");
    }

    @Test
    void refusesAReplacementForAGroupThatIsNotThere() {
        assertThat(messages(api().route("r", r -> r.to("api").rewrite(w -> w.regex("/(a)", "/$2")))))
                .singleElement()
                .asString()
                .startsWith("routes.r.rewrite.replacement: \"/$2\" (expected: a replacement for groups that regex has");
    }

    @Test
    void refusesLineBreaksInFieldValues() {
        assertThat(messages(listening().route("r", r -> r.respond(200, d -> d.field("x-a", "b\r\nx-c: d")))))
                .containsExactly(
                        "routes.r.respond.fields.x-a: \"b\\u000d\\u000ax-c: d\" (expected: visible characters, spaces and"
                                + " tabs)");
    }

    @Test
    void refusesFieldsThatFrameADirectResponse() {
        assertThat(messages(listening().route("r", r -> r.respond(200, d -> d.field("Content-Length", "3")))))
                .containsExactly("routes.r.respond.fields.Content-Length: Content-Length"
                        + " (expected: a field name that does not frame the message)");
    }

    @Test
    void refusesARedirectThatStaysWhereItIs() {
        assertThat(messages(listening().route("r", r -> r.redirect(d -> d.withoutQuery()))))
                .containsExactly("routes.r.redirect: missing (expected: scheme, host, port, path or prefix)");
    }

    @Test
    void refusesARedirectToAnotherHostByItsPath() {
        assertThat(messages(listening().route("r", r -> r.redirect(d -> d.path("//evil.example")))))
                .containsExactly(
                        "routes.r.redirect.path: \"//evil.example\" (expected: a path that begins with one /)");
    }

    @Test
    void namesTheBalancingPoliciesThatThereAre() {
        assertThat(messages(listening()
                        .cluster("api", c -> c.endpoint("127.0.0.1", 1).balance("no_such_policy"))))
                .singleElement()
                .asString()
                .startsWith("clusters.api.balance: \"no_such_policy\" (expected: ");
    }

    @Test
    void comparesConfigurationsPieceByPiece() {
        Configuration one = api().route(r -> r.to("api")).configuration();
        Configuration other = new LoadBalancerBuilder()
                .listener(l -> l.port(1))
                .cluster("api", c -> c.endpoint("127.0.0.1", 1).connectTimeout(Duration.ofSeconds(5)))
                .route(r -> r.to("api"))
                .configuration();

        assertThat(other.clusters()).isEqualTo(one.clusters());
        assertThat(other.routes()).isEqualTo(one.routes());
        assertThat(other.listeners()).isNotEqualTo(one.listeners());
        assertThat(other).isNotEqualTo(one);
    }

    private static LoadBalancerBuilder listening() {
        return new LoadBalancerBuilder().listener(l -> l.port(0));
    }

    private static LoadBalancerBuilder api() {
        return listening().cluster("api", c -> c.endpoint("127.0.0.1", 1));
    }

    private static List<String> messages(LoadBalancerBuilder builder) {
        return faultsOf(builder).stream().map(Fault::message).toList();
    }

    private static List<Fault> faultsOf(LoadBalancerBuilder builder) {
        return catchThrowableOfType(ConfigurationException.class, builder::configuration)
                .faults();
    }

    @Test
    void refusesAFileThatTwoClustersRememberTheirEndpointsIn() {
        assertThatThrownBy(() -> LoadBalancer.builder()
                        .listener(listener -> listener.port(0))
                        .cluster("a", c -> c.endpoint("127.0.0.1", 1).discovery(d -> d.snapshot(Path.of("x/y"))))
                        .cluster("b", c -> c.endpoint("127.0.0.1", 1).discovery(d -> d.snapshot(Path.of("x/./y"))))
                        .configuration())
                .hasMessageContaining("clusters.b.discovery.snapshot")
                .hasMessageContaining("cluster a");
    }

    @Test
    void refusesWhatIsWrongWithDiscoveryAndDns() {
        assertThatThrownBy(() -> LoadBalancer.builder()
                        .listener(listener -> listener.port(0))
                        .cluster(
                                "a",
                                c -> c.endpoint("127.0.0.1", 1)
                                        .discovery(d -> d.debounce(Duration.ofSeconds(2), Duration.ofSeconds(1))
                                                .panic(2, Duration.ofSeconds(1))))
                        .process(p -> p.dns(dns -> dns.servers("10.0.0.1:5353", "fd00::1", "[fd00::1]:53", "ns.test")
                                .allow("169.254.0.0/99")))
                        .configuration())
                .hasMessageContaining("clusters.a.discovery.debounce")
                .hasMessageContaining("clusters.a.discovery.panic_share")
                .hasMessageContaining("process.dns.servers[3]: \"ns.test\"")
                .hasMessageContaining("process.dns.allow[0]")
                .hasMessageStartingWith("4 faults");
    }
}
