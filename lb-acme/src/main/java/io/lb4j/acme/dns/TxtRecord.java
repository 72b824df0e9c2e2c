package io.lb4j.acme.dns;

/**
 * A TXT record. Immutable.
 *
 * @param name in lower case, without a trailing dot: {@code _acme-challenge.example.com}
 * @param value one string, of at most 255 octets
 */
public record TxtRecord(String name, String value) {
    /** Returns the name as zone files have it, with a trailing dot. */
    public String absoluteName() {
        return name + ".";
    }
}
