package io.lb4j.examples.certificates;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the command line says.
 *
 * @param authority a name such as {@code letsencrypt-staging}, or the address of an ACME directory
 * @param trust a file in PEM of those who vouch for a private authority's API
 * @param email the account's contact
 * @param storage the folder for certificates and keys
 * @param ports where to listen
 * @param names that get a certificate each
 */
record Arguments(
        String authority, Optional<Path> trust, Optional<String> email, Path storage, Ports ports, List<String> names) {
    private static final String USAGE = """
            usage: certificates [--authority NAME|ADDRESS] [--trust FILE] [--email ADDRESS] [--storage FOLDER]
                                [--http-port N] [--https-port N] NAME...
              By default Let's Encrypt's endpoint for trials is asked. Port 80 of each name has to lead to the HTTP port.""";

    /**
     * Where to listen.
     *
     * @param http for plain connections, which the authority validates by
     * @param https for connections with TLS
     */
    record Ports(int http, int https) {}

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException with a text for people if it makes no sense
     */
    static Arguments parse(String... words) {
        String authority = "letsencrypt-staging";
        Optional<Path> trust = Optional.empty();
        Optional<String> email = Optional.empty();
        Path storage = Path.of("certs");
        int http = 80;
        int https = 443;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "--authority" -> authority = value(words, ++i);
                case "--trust" -> trust = Optional.of(Path.of(value(words, ++i)));
                case "--email" -> email = Optional.of(value(words, ++i));
                case "--storage" -> storage = Path.of(value(words, ++i));
                case "--http-port" -> http = Integer.parseInt(value(words, ++i));
                case "--https-port" -> https = Integer.parseInt(value(words, ++i));
                default -> names.add(words[i]);
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("no names\n" + USAGE);
        }
        return new Arguments(authority, trust, email, storage, new Ports(http, https), List.copyOf(names));
    }

    private static String value(String[] words, int index) {
        if (index == words.length) {
            throw new IllegalArgumentException(words[index - 1] + ": no value\n" + USAGE);
        }
        return words[index];
    }
}
