package io.lb4j.examples.discovery;

import io.lb4j.LoadBalancer;
import io.lb4j.spi.DnsDiscovery;
import java.time.Duration;

/**
 * Endpoints from SRV records of DNS, asked for again as they expire. For a host with one port a provider is not even needed:
 * {@code cluster.endpoint("api.example.com", 443)} follows the name's addresses.
 *
 * <pre>
 * examples/run discovery-dns _http._tcp.example.com [SERVER[:PORT] [PORT]]
 * </pre>
 */
public final class FromDns {
    private FromDns() {}

    /** Runs until the process is told to end. */
    public static void main(String... words) throws InterruptedException {
        Front.requireWords(1, "discovery-dns NAME [SERVER[:PORT] [PORT]]", words);
        Front.serve(start(words[0], Front.word(words, 1, ""), Integer.parseInt(Front.word(words, 2, "8080"))));
    }

    /**
     * Starts the balancer.
     *
     * @param server of DNS; that of the system if it is empty
     */
    static LoadBalancer start(String name, String server, int port) {
        return Front.before(port, cluster -> cluster.discovery(DnsDiscovery.services(name)))
                .process(process -> process.dns(dns -> {
                    // As short as the records live, but not shorter than this.
                    dns.ttl(Duration.ofSeconds(1), Duration.ofMinutes(5));
                    if (!server.isEmpty()) {
                        dns.servers(server);
                    }
                }))
                .start();
    }
}
