package io.lb4j.examples.quickstart;

/**
 * What the command line says.
 *
 * @param port for plain connections
 * @param tlsPort for connections with TLS
 * @param adminPort for the dashboard and whatever else administers
 */
record Arguments(int port, int tlsPort, int adminPort) {
    /** How the program is started. */
    static final String USAGE = "usage: quickstart [--port N] [--tls-port N] [--admin-port N]";

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException with a text for people if it makes no sense
     */
    static Arguments parse(String... words) {
        int port = 8080;
        int tlsPort = 8443;
        int adminPort = 9090;
        for (int i = 0; i < words.length; i += 2) {
            String value = i + 1 < words.length ? words[i + 1] : "";
            switch (words[i]) {
                case "--port" -> port = number(words[i], value);
                case "--tls-port" -> tlsPort = number(words[i], value);
                case "--admin-port" -> adminPort = number(words[i], value);
                case "--help" -> throw new IllegalArgumentException(USAGE);
                default -> throw new IllegalArgumentException(words[i] + ": not an option\n" + USAGE);
            }
        }
        return new Arguments(port, tlsPort, adminPort);
    }

    private static int number(String option, String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException(option + ": \"" + text + "\" (expected: a port, 0..65535)\n" + USAGE);
        }
        return Integer.parseInt(text);
    }
}
