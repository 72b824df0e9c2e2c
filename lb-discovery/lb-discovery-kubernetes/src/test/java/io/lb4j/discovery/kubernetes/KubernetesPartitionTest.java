package io.lb4j.discovery.kubernetes;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lb4j.config.Part;
import io.lb4j.discovery.PartitionContract;
import io.lb4j.testkit.net.TcpRelay;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** The mock behind a line that is cut: a real API server takes no pods of this machine's loopback network. */
final class KubernetesPartitionTest extends PartitionContract {
    @Override
    protected Registry start() throws IOException {
        ApiServer api = ApiServer.start(folder);
        if (api.isReal()) {
            api.close();
            assumeTrue(false, "a real API server refuses loopback addresses");
        }
        return new Registry() {
            @Override
            public InetSocketAddress address() {
                return api.address();
            }

            @Override
            public Part provider(TcpRelay line) throws IOException {
                return Kubernetes.local()
                        .kubeconfig(api.kubeconfigBy(line, folder))
                        .namespace(api.namespace())
                        .service("api");
            }

            @Override
            public void says(int port) {
                api.slice(
                        "api",
                        "api-1",
                        List.of(ApiServer.port("http", port, "TCP")),
                        ApiServer.pod("127.0.0.1").build());
            }

            @Override
            public void close() {
                api.close();
            }
        };
    }
}
