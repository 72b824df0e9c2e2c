package io.lb4j.examples.discovery;

import io.lb4j.LoadBalancer;
import io.lb4j.discovery.etcd.Etcd;

/**
 * Endpoints from etcd: the values of all keys below {@code /services/SERVICE/}, which are watched.
 *
 * <pre>
 * etcd &amp;
 * etcdctl put /services/api/one 127.0.0.1:9001
 * examples/run discovery-etcd http://127.0.0.1:2379 api [PORT]
 * etcdctl put /services/api/two '{"host": "127.0.0.1", "port": 9002, "weight": 200}'
 * </pre>
 */
public final class FromEtcd {
    private FromEtcd() {}

    /** Runs until the process is told to end. */
    public static void main(String... words) throws InterruptedException {
        Front.requireWords(2, "discovery-etcd URL SERVICE [PORT]", words);
        Front.serve(start(words[0], words[1], Integer.parseInt(Front.word(words, 2, "8080"))));
    }

    static LoadBalancer start(String url, String service, int port) {
        Etcd etcd = Etcd.at(url); // or all members of a cluster, one after the other
        return Front.before(port, cluster -> cluster.discovery(etcd.service(service)))
                .start();
    }
}
