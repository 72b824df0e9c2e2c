package io.lb4j.acme.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP proxy. Immutable.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 */
public record HttpProxy(String host, int port) {
    private static final Pattern WRITTEN = Pattern.compile("(?:http://)?(\\[[0-9a-fA-F:]+]|[^:/\\s]+):(\\d{1,5})/?");
    private static final int MAX_PORT = 65_535;

    /**
     * Takes {@code host:port}.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static HttpProxy of(String written) {
        Matcher matcher = WRITTEN.matcher(written.strip());
        if (matcher.matches()) {
            int port = Integer.parseInt(matcher.group(2));
            if (port > 0 && port <= MAX_PORT) {
                return new HttpProxy(matcher.group(1), port);
            }
        }
        throw new IllegalArgumentException("host:port");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
