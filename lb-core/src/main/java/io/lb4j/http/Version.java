package io.lb4j.http;

/** The protocol version of one leg of an exchange. */
public enum Version {
    /** HTTP/1.0 (RFC 1945). */
    HTTP_1_0("HTTP/1.0"),
    /** HTTP/1.1 (RFC 9112). */
    HTTP_1_1("HTTP/1.1"),
    /** HTTP/2 (RFC 9113). */
    HTTP_2("HTTP/2"),
    /** HTTP/3 (RFC 9114). */
    HTTP_3("HTTP/3");

    private final String text;

    Version(String text) {
        this.text = text;
    }

    /** Returns whether several exchanges share one connection, each on a stream of its own. */
    public boolean isMultiplexed() {
        return this == HTTP_2 || this == HTTP_3;
    }

    /** Returns the customary spelling, {@code HTTP/1.1} for example. */
    @Override
    public String toString() {
        return text;
    }
}
