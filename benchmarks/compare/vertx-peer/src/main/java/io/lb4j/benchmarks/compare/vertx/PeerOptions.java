package io.lb4j.benchmarks.compare.vertx;

import java.util.HashMap;
import java.util.Map;

/** The command line of {@link VertxPeer}; the two files are PEM. */
record PeerOptions(int port, int tlsPort, String originHost, int originPort, String certificate, String key) {

    static PeerOptions parse(String[] arguments) {
        var values = new HashMap<String, String>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            values.put(arguments[i], arguments[i + 1]);
        }
        var origin = required(values, "--origin");
        int colon = origin.lastIndexOf(':');
        return new PeerOptions(
                Integer.parseInt(required(values, "--port")),
                Integer.parseInt(required(values, "--tls-port")),
                origin.substring(0, colon),
                Integer.parseInt(origin.substring(colon + 1)),
                required(values, "--certificate"),
                required(values, "--key"));
    }

    private static String required(Map<String, String> values, String name) {
        var value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": absent (expected: a value)");
        }
        return value;
    }
}
