package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.lb4j.testkit.net.TcpRelay;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An API server to test against, with a namespace of its own: the one of the kubeconfig that {@code LB4J_KUBECONFIG} names, or else fabric8's
 * mock.
 */
final class ApiServer implements AutoCloseable {
    private final @Nullable KubernetesMockServer mock;
    private final Path kubeconfig;
    private final String namespace;
    private final KubernetesClient client;

    private ApiServer(@Nullable KubernetesMockServer mock, Path kubeconfig) {
        this.mock = mock;
        this.kubeconfig = kubeconfig;
        namespace = "lb4j-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
    }

    static ApiServer start(Path folder) throws IOException {
        Optional<String> real = Optional.ofNullable(System.getenv("LB4J_KUBECONFIG"));
        if (real.isPresent()) {
            return new ApiServer(null, Path.of(real.get()));
        }
        KubernetesMockServer mock = new KubernetesMockServer(
                new Context(), new MockWebServer(), new HashMap<>(), new PagingDispatcher(), false);
        mock.init();
        return new ApiServer(mock, kubeconfig(folder, mock.getPort()));
    }

    static Path kubeconfig(Path folder, int port) throws IOException {
        return Files.writeString(folder.resolve("kubeconfig-" + port), """
            apiVersion: v1
            kind: Config
            clusters: [{name: mock, cluster: {server: "http://127.0.0.1:%d"}}]
            users: [{name: lb, user: {token: nothing}}]
            contexts: [{name: mock, context: {cluster: mock, user: lb}}, {name: other, context: {cluster: none, user: lb}}]
            current-context: mock
            """.formatted(port));
    }

    /** Returns where it listens. */
    InetSocketAddress address() {
        return new InetSocketAddress(
                client.getMasterUrl().getHost(), client.getMasterUrl().getPort());
    }

    /** Writes a kubeconfig that leads to it by a relay. */
    Path kubeconfigBy(TcpRelay relay, Path folder) throws IOException {
        String direct = address().getHostString() + ":" + address().getPort();
        String text = Files.readString(kubeconfig).replace(direct, "127.0.0.1:" + relay.port());
        return Files.writeString(folder.resolve("kubeconfig-" + relay.port()), text);
    }

    boolean isReal() {
        return mock == null;
    }

    /** Writes a kubeconfig with a token that nobody has given out. */
    Path kubeconfigOfStranger(Path folder) throws IOException {
        String text = Files.readString(kubeconfig).replaceAll("user: \\{token: [^}]*\\}", "user: {token: unknown}");
        return Files.writeString(folder.resolve("kubeconfig-stranger"), text);
    }

    String namespace() {
        return namespace;
    }

    Kubernetes cluster() {
        return everywhere().namespace(namespace);
    }

    Kubernetes everywhere() {
        // One question is not to fail where the machine stands still.
        return Kubernetes.local().kubeconfig(kubeconfig).timeout(Duration.ofSeconds(60));
    }

    static EndpointBuilder pod(String address) {
        return new EndpointBuilder()
                .withAddresses(address)
                .withNewConditions()
                .withReady(true)
                .endConditions();
    }

    /** A pod that has a name, by which its addresses are known to be of one. */
    static Endpoint namedPod(String name, String address) {
        return pod(address)
                .withNewTargetRef()
                .withKind("Pod")
                .withName(name)
                .endTargetRef()
                .build();
    }

    static EndpointPort port(String name, int number, String protocol) {
        return new EndpointPortBuilder()
                .withName(name)
                .withPort(number)
                .withProtocol(protocol)
                .build();
    }

    /** Writes a slice of a service, with the ports {@code http} 8080 and {@code admin} 9090. */
    void slice(String service, String name, Endpoint... pods) {
        slice(service, name, List.of(port("http", 8080, "TCP"), port("admin", 9090, "TCP")), pods);
    }

    void slice(String service, String name, List<EndpointPort> ports, Endpoint... pods) {
        write(new Place(service, name, "IPv4"), ports, pods);
    }

    /** Writes a slice of IPv6 addresses, with the port {@code http} 8080. */
    void slice6(String service, String name, Endpoint... pods) {
        write(new Place(service, name, "IPv6"), List.of(port("http", 8080, "TCP")), pods);
    }

    private record Place(String service, String name, String family) {}

    private void write(Place where, List<EndpointPort> ports, Endpoint... pods) {
        EndpointSlice slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(where.name)
                .withNamespace(namespace)
                .addToLabels("kubernetes.io/service-name", where.service)
                .addToLabels("app", where.service)
                .endMetadata()
                .withAddressType(where.family)
                .withPorts(ports)
                .withEndpoints(pods)
                .build();
        var place =
                client.discovery().v1().endpointSlices().inNamespace(namespace).resource(slice);
        if (place.get() == null) {
            place.create();
        } else {
            place.update();
        }
    }

    void delete(String slice) {
        client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withName(slice)
                .delete();
    }

    void external(String service, String name, int port) {
        client.services()
                .inNamespace(namespace)
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(service)
                        .endMetadata()
                        .withNewSpec()
                        .withType("ExternalName")
                        .withExternalName(name)
                        .addNewPort()
                        .withName("http")
                        .withPort(port)
                        .withTargetPort(new IntOrString(port))
                        .endPort()
                        .endSpec()
                        .build())
                .create();
    }

    @Override
    public void close() {
        client.namespaces().withName(namespace).delete();
        client.close();
        if (mock != null) {
            mock.destroy();
        }
    }
}
