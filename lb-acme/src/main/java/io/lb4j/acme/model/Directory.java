package io.lb4j.acme.model;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where an authority speaks ACME. Immutable.
 *
 * @param name short, good for a folder's name: {@code letsencrypt}, or made of the address
 * @param address of the directory (RFC 8555 §7.1.1)
 * @param test the authority's own endpoint for trials, whose certificates nobody trusts
 */
public record Directory(String name, URI address, Optional<URI> test) {
    private static final List<Directory> KNOWN = List.of(
            known(
                    "letsencrypt",
                    "https://acme-v02.api.letsencrypt.org/directory",
                    "https://acme-staging-v02.api.letsencrypt.org/directory"),
            known("zerossl", "https://acme.zerossl.com/v2/DV90", ""),
            known(
                    "google",
                    "https://dv.acme-v02.api.pki.goog/directory",
                    "https://dv.acme-v02.test-api.pki.goog/directory"),
            known("buypass", "https://api.buypass.com/acme/directory", "https://api.test4.buypass.no/acme/directory"));
    private static final String STAGING = "-staging";

    /**
     * Finds an authority by its name, or takes an address.
     *
     * @param written {@code letsencrypt}, {@code letsencrypt-staging}, {@code zerossl}, {@code google}, {@code google-staging}, {@code
     *     buypass}, {@code buypass-staging}, or an https address; http on loopback, for trials
     * @throws IllegalArgumentException if it is neither
     */
    public static Directory of(String written) {
        String text = written.strip();
        for (Directory known : KNOWN) {
            if (known.name.equals(text)) {
                return known;
            }
            if (text.equals(known.name + STAGING) && known.test.isPresent()) {
                return new Directory(text, known.test.get(), Optional.empty());
            }
        }
        URI address;
        try {
            address = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw notADirectory();
        }
        boolean isSecure = "https".equals(address.getScheme());
        boolean isTrial = "http".equals(address.getScheme())
                && address.getHost() != null
                && List.of("localhost", "127.0.0.1", "[::1]").contains(address.getHost());
        if (address.getHost() == null || !(isSecure || isTrial)) {
            throw notADirectory();
        }
        return new Directory(nameOf(address), address, Optional.empty());
    }

    private static Directory known(String name, String address, String test) {
        return new Directory(
                name, URI.create(address), test.isEmpty() ? Optional.empty() : Optional.of(URI.create(test)));
    }

    private static String nameOf(URI address) {
        String port = address.getPort() < 0 ? "" : "_" + address.getPort();
        String place = address.getHost() + port + "/" + address.getPath();
        String[] segments =
                place.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._/-]", "_").split("/+");
        return String.join("-", Arrays.asList(segments));
    }

    private static IllegalArgumentException notADirectory() {
        return new IllegalArgumentException(
                "letsencrypt, letsencrypt-staging, zerossl, google, buypass, or the https address of an ACME directory");
    }

    /** Returns the endpoint for trials in place of this one; itself if there is none. */
    public Directory forTrials() {
        return test.map(address -> new Directory(name + STAGING, address, Optional.empty()))
                .orElse(this);
    }

    @Override
    public String toString() {
        return name;
    }
}
