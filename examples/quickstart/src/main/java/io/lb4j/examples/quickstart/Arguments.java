package io.lb4j.examples.quickstart;

/**
 * What the command line says.
 *
 * @param port for plain connections
 * @param tlsPort for connections with TLS
 * @param adminPort for the dashboard and whatever else administers
 */
record Arguments(int port, int tlsPort, int adminPort) {
    private static final String USAGE = "usage: quickstart [--port N] [--tls-port N] [--admin-port N]";

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
            if (i + 1 == words.length) {
                throw new IllegalArgumentException(words[i] + ": no value\n" + USAGE);
            }
            switch (words[i]) {
                case "--port" -> port = number(words[i], words[i + 1]);
                case "--tls-port" -> tlsPort = number(words[i], words[i + 1]);
                case "--admin-port" -> adminPort = number(words[i], words[i + 1]);
                default -> throw new IllegalArgumentException(words[i] + ": not an option\n" + USAGE);
            }
        }
        return new Arguments(port, tlsPort, adminPort);
    }

    private static int number(String option, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + ": \"" + text + "\" (expected: a port)\n" + USAGE, e);
        }
    }
}
