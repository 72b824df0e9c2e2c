package io.lb4j.examples.discovery;

import io.lb4j.LoadBalancer;
import io.lb4j.discovery.HttpEndpoints;
import java.time.Duration;

/**
 * Endpoints from an inventory that answers with JSON, asked every two seconds; here one of a shape of its own, whose places are named by JSON Pointers.
 *
 * <pre>
 * echo '{"nodes": [{"ip": "127.0.0.1", "http": 9001, "rack": "r1"}]}' > nodes.json
 * python3 -m http.server --bind 127.0.0.1 8500 &amp;
 * examples/run discovery-http http://127.0.0.1:8500/nodes.json [PORT]
 * </pre>
 */
public final class FromHttp {
    private FromHttp() {}

    /** Runs until the process is told to end. */
    public static void main(String... words) throws InterruptedException {
        Front.requireWords(1, "discovery-http URL [PORT]", words);
        Front.serve(start(words[0], Integer.parseInt(Front.word(words, 1, "8080"))));
    }

    static LoadBalancer start(String url, int port) {
        return Front.before(
                        port,
                        cluster -> cluster.discovery(HttpEndpoints.at(url)
                                .entries("/nodes")
                                .field("host", "/ip")
                                .field("port", "/http")
                                .field("rack", "/rack")
                                .interval(Duration.ofSeconds(2))
                                .provider()))
                .start();
    }
}
