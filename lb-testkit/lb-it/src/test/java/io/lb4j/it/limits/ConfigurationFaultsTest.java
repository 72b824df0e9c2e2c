package io.lb4j.it.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A configuration that is wrong in many places is refused once, with every place, what stands there and what would be right. */
final class ConfigurationFaultsTest {
    private static List<String> faultsOf(LoadBalancerBuilder builder) {
        ConfigurationException thrown = catchThrowableOfType(ConfigurationException.class, builder::build);
        assertThat(thrown).as("refused").isNotNull();
        return thrown.faults().stream().map(Fault::message).toList();
    }

    @Test
    void namesEveryFaultOfEveryPart() {
        LoadBalancerBuilder builder = LoadBalancer.builder()
                .listener(
                        "web",
                        listener -> listener.port(99_999)
                                .host("no host")
                                .limits(limits ->
                                        limits.requestLine(1).connections(0).streams(0))
                                .timeouts(times ->
                                        times.requestHead(Duration.ZERO).requestBody(Duration.ofSeconds(-1)))
                                .forwarding(to -> to.trustedProxies("10.0.0.0/33", "nobody")))
                .listener("web", listener -> listener.port(0).tls(tls -> {}))
                .cluster(
                        "api",
                        cluster -> cluster.endpoint("127.0.0.1", 1)
                                .endpoint("127.0.0.1", 1)
                                .endpoint("", 80)
                                .pool(pool -> pool.maxConnections(0).maxPending(-1))
                                .connectTimeout(Duration.ZERO)
                                .balance("round_robbin")
                                .tls(tls -> tls.trust(Path.of("/does/not/exist.pem"))))
                .cluster("empty", cluster -> {})
                .route(
                        "r",
                        route -> route.path("/**")
                                .to("apii")
                                .timeouts(times -> times.firstByte(Duration.ZERO))
                                .retry(retry -> retry.count(-1)
                                        .statuses("9")
                                        .backoffBase(Duration.ofSeconds(2))
                                        .backoffMax(Duration.ofSeconds(1))))
                .route("lost", route -> route.path("/lost"));

        assertThat(faultsOf(builder))
                .containsExactly(
                        "listeners.web.host: \"no host\" (expected: a host name or an address, an IPv6 address without brackets)",
                        "listeners.web.port: 99999 (expected: 0..65535)",
                        "listeners.web.limits.request_line: \"1B\" (expected: a size 256B..1MiB such as 64KiB)",
                        "listeners.web.limits.streams: 0 (expected: 1..10000)",
                        "listeners.web.limits.connections: 0 (expected: >= 1)",
                        "listeners.web.timeouts.request_head: \"0s\" (expected: a duration >= 1ms such as 30s or 1h30m)",
                        "listeners.web.timeouts.request_body: \"-1s\" (expected: a duration >= 1ms such as 30s or 1h30m)",
                        "listeners.web.forwarding.trusted_proxies[0]: \"10.0.0.0/33\" (expected: a prefix length of 0 to 32)",
                        "listeners.web.forwarding.trusted_proxies[1]: \"nobody\" (expected: an address, or a block such as 10.0.0.0/8 or 2001:db8::/32)",
                        "listeners.web.name: \"web\" (expected: a name of its own)",
                        "clusters.api.endpoints[2].host: \"\" (expected: a host name or an address, an IPv6 address without brackets)",
                        "clusters.api.tls.trust: \"/does/not/exist.pem\" (expected: a file that can be read)",
                        "clusters.api.pool.max_connections: 0 (expected: 1..1000000)",
                        "clusters.api.pool.max_pending: -1 (expected: 0..1000000)",
                        "clusters.api.connect_timeout: \"0s\" (expected: a duration >= 1ms such as 30s or 1h30m)",
                        "clusters.api.balance: \"round_robbin\" (expected: one of least_request, least_request_p2c, peak_ewma, random, round_robin, weighted_round_robin; did you mean \"round_robin\"?)",
                        "clusters.api.endpoints[1]: 127.0.0.1:1 (expected: each address once)",
                        "clusters.empty: missing (expected: endpoints, or discovery with providers)",
                        "routes.r.timeouts.first_byte: \"0s\" (expected: a duration >= 1ms such as 30s or 1h30m)",
                        "routes.r.retry.statuses[0]: \"9\" (expected: a status or a range of 100..599, such as 200-299)",
                        "routes.r.retry.count: -1 (expected: 0..100)",
                        "routes.r.retry.backoff_base: 2s (expected: not above backoff_max)",
                        "routes.lost: missing (expected: exactly one of cluster, split, redirect, respond)",
                        "routes.r.cluster: \"apii\" (expected: a cluster that is declared; did you mean \"api\"?)",
                        "listeners.web.tls.certificates: missing (expected: certificates, self_signed or sources, or acme for the whole)");
    }
}
