package io.lb4j.examples.discovery;

import io.lb4j.LoadBalancer;
import io.lb4j.discovery.consul.Consul;

/**
 * Endpoints from a service in Consul, followed as its instances come, go, and pass or fail their checks.
 *
 * <pre>
 * consul agent -dev &amp;
 * consul services register -name=api -id=api-1 -address=127.0.0.1 -port=9001
 * examples/run discovery-consul http://127.0.0.1:8500 api [PORT]
 * consul services deregister -id=api-1
 * </pre>
 */
public final class FromConsul {
    private FromConsul() {}

    /** Runs until the process is told to end. */
    public static void main(String... words) throws InterruptedException {
        Front.requireWords(2, "discovery-consul URL SERVICE [PORT]", words);
        Front.serve(start(words[0], words[1], Integer.parseInt(Front.word(words, 2, "8080"))));
    }

    static LoadBalancer start(String url, String service, int port) {
        Consul consul = Consul.at(url); // .token(…) where there are access lists
        return Front.before(port, cluster -> cluster.discovery(consul.service(service)))
                .start();
    }
}
