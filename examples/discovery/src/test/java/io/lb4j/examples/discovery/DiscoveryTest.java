package io.lb4j.examples.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.discovery.kubernetes.Kubernetes;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.server.Bind;
import io.lb4j.testkit.server.ConsulServer;
import io.lb4j.testkit.server.EtcdServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each example before two upstreams, of which the registry learns one after the other. The registries are real ones, but for that of Kubernetes. */
final class DiscoveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private ScriptedUpstream one;
    private ScriptedUpstream two;

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        one = ScriptedUpstream.start(script -> script.onAny().answer(200, "one"));
        two = ScriptedUpstream.start(script -> script.onAny().answer(200, "two"));
    }

    @AfterEach
    void end() {
        one.close();
        two.close();
    }

    /** Something that tells the registry. */
    private interface Announcement {
        void tell() throws Exception;
    }

    /** What is known at the start serves, and what is announced while the balancer serves does too. */
    private static void follows(LoadBalancer balancer, Announcement second) throws Exception {
        await().atMost(PATIENCE).until(() -> ask(balancer).equals("one"));
        second.tell();
        await().atMost(PATIENCE).until(() -> ask(balancer).equals("two"));
        assertThat(balancer.stats().clusters().values())
                .allMatch(cluster -> !cluster.isStale() && cluster.endpoints().size() == 2);
    }

    private static String ask(LoadBalancer balancer) {
        try (RawClient client = RawClient.connect(balancer.port())) {
            return client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                    .readResponse()
                    .text();
        }
    }

    private void put(String url, String method, String body) throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    @Test
    void aFileIsFollowed() throws Exception {
        Path file = Files.writeString(folder.resolve("endpoints.txt"), "127.0.0.1:" + one.port() + "\n");
        try (LoadBalancer balancer = FromFile.start(file, 0)) {
            follows(balancer, () -> write(file, "127.0.0.1:" + one.port() + "\n127.0.0.1:" + two.port() + "\n"));
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.move(Files.writeString(file.resolveSibling("next.txt"), text), file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void anInventoryOverHttpIsFollowed() throws Exception {
        AtomicReference<String> nodes = new AtomicReference<>(node(one));
        try (ScriptedUpstream inventory = ScriptedUpstream.start(script -> script.on("/nodes.json")
                        .perform(exchange ->
                                exchange.answer(Answer.status(200).body("{\"nodes\": [" + nodes.get() + "]}"))));
                LoadBalancer balancer = FromHttp.start("http://127.0.0.1:" + inventory.port() + "/nodes.json", 0)) {
            follows(balancer, () -> nodes.set(node(one) + "," + node(two)));
        }
    }

    private static String node(ScriptedUpstream upstream) {
        return "{\"ip\": \"127.0.0.1\", \"http\": " + upstream.port() + ", \"rack\": \"r1\"}";
    }

    @Test
    void recordsOfDnsAreFollowed() throws Exception {
        String first = "1 SRV 0 10 " + one.port() + " node.test.";
        try (Bind dns = Bind.start("_http._tcp " + first, "node 1 A 127.0.0.1");
                LoadBalancer balancer = FromDns.start("_http._tcp.test", "127.0.0.1:" + dns.port(), 0)) {
            follows(
                    balancer,
                    () -> dns.replace("_http._tcp", "SRV", first, "1 SRV 0 10 " + two.port() + " node.test."));
        }
    }

    @Test
    void aServiceOfConsulIsFollowed() throws Exception {
        try (ConsulServer consul = ConsulServer.start()) {
            register(consul, "api-1", one);
            try (LoadBalancer balancer = FromConsul.start(consul.url(), "api", 0)) {
                follows(balancer, () -> register(consul, "api-2", two));
            }
        }
    }

    private void register(ConsulServer consul, String id, ScriptedUpstream upstream) throws Exception {
        String body = "{\"ID\": \"%s\", \"Name\": \"api\", \"Address\": \"127.0.0.1\", \"Port\": %d}"
                .formatted(id, upstream.port());
        put(consul.url() + "/v1/agent/service/register", "PUT", body);
    }

    @Test
    void keysOfEtcdAreFollowed() throws Exception {
        try (EtcdServer etcd = EtcdServer.start()) {
            write(etcd, "/services/api/one", "127.0.0.1:" + one.port());
            try (LoadBalancer balancer = FromEtcd.start(etcd.url(), "api", 0)) {
                follows(
                        balancer,
                        () -> write(
                                etcd,
                                "/services/api/two",
                                "{\"host\": \"127.0.0.1\", \"port\": " + two.port() + ", \"weight\": 200}"));
            }
        }
    }

    /** By etcd's interface for those who have no gRPC. */
    private void write(EtcdServer etcd, String key, String value) throws Exception {
        put(
                etcd.url() + "/v3/kv/put",
                "POST",
                "{\"key\": \"" + base64(key) + "\", \"value\": \"" + base64(value) + "\"}");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Against fabric8's mock of an API server, which is no proof of what a real one does; lb-discovery-kubernetes has passed with one. */
    @Test
    void slicesOfKubernetesAreFollowed() throws Exception {
        try (MockedKubernetes api = MockedKubernetes.start()) {
            api.slice("api-1", one.port());
            Kubernetes kubernetes =
                    Kubernetes.local().kubeconfig(api.kubeconfig(folder)).namespace(MockedKubernetes.NAMESPACE);
            try (LoadBalancer balancer = FromKubernetes.start(kubernetes, "api", 0)) {
                follows(balancer, () -> api.slice("api-2", two.port()));
            }
        }
    }
}
