package io.lb4j.examples.discovery;

import io.lb4j.LoadBalancer;
import io.lb4j.discovery.kubernetes.Kubernetes;
import java.nio.file.Path;

/**
 * Endpoints from the EndpointSlices of a service of Kubernetes: pods that are ready, which requests reach without kube-proxy. Within a cluster it takes
 * the pod's own account, whose role has to allow it to list and watch {@code endpointslices}.
 *
 * <pre>
 * examples/run discovery-kubernetes api default [KUBECONFIG [PORT]]
 * kubectl scale deployment api --replicas=3
 * </pre>
 */
public final class FromKubernetes {
    private FromKubernetes() {}

    /** Runs until the process is told to end. */
    public static void main(String... words) throws InterruptedException {
        Front.requireWords(2, "discovery-kubernetes SERVICE NAMESPACE [KUBECONFIG [PORT]]", words);
        Kubernetes local = Kubernetes.local().namespace(words[1]);
        Kubernetes kubernetes = words.length > 2 ? local.kubeconfig(Path.of(words[2])) : local;
        Front.serve(start(kubernetes, words[0], Integer.parseInt(Front.word(words, 3, "8080"))));
    }

    static LoadBalancer start(Kubernetes kubernetes, String service, int port) {
        return Front.before(
                        port, cluster -> cluster.discovery(kubernetes.service(service, query -> query.port("http"))))
                .start();
    }
}
