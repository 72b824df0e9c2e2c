package io.lb4j.benchmarks.compare;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The command line of {@link BalancerUnderTest}.
 *
 * @param port for plain connections
 * @param tlsPort for connections with TLS
 * @param originHost where the one endpoint listens
 * @param originPort where the one endpoint listens
 * @param certificate the chain, in PEM
 * @param key its key, in PEM (PKCS #8)
 * @param http3 whether HTTP/3 is served on the port with TLS too
 */
record BalancerOptions(
        int port, int tlsPort, String originHost, int originPort, Path certificate, Path key, boolean http3) {

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException if an option is missing
     */
    static BalancerOptions parse(String... words) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i + 1 < words.length; i += 2) {
            values.put(words[i], words[i + 1]);
        }
        String origin = required(values, "--origin");
        int colon = origin.lastIndexOf(':');
        return new BalancerOptions(
                Integer.parseInt(required(values, "--port")),
                Integer.parseInt(required(values, "--tls-port")),
                origin.substring(0, colon),
                Integer.parseInt(origin.substring(colon + 1)),
                Path.of(required(values, "--certificate")),
                Path.of(required(values, "--key")),
                Boolean.parseBoolean(values.get("--http3")));
    }

    private static String required(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": absent (expected: a value)");
        }
        return value;
    }
}
