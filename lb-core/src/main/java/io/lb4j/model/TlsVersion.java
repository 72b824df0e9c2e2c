package io.lb4j.model;

/** A version of TLS. Earlier ones are not offered (RFC 8996). */
public enum TlsVersion {
    /** TLS 1.2 (RFC 5246). */
    TLS_1_2("1.2", "TLSv1.2"),
    /** TLS 1.3 (RFC 8446). */
    TLS_1_3("1.3", "TLSv1.3");

    private final String number;
    private final String protocol;

    TlsVersion(String number, String protocol) {
        this.number = number;
        this.protocol = protocol;
    }

    /** Returns the version as TLS engines name it, {@code TLSv1.3} for example. */
    public String protocol() {
        return protocol;
    }

    /** Returns the version's number, {@code 1.3} for example. */
    @Override
    public String toString() {
        return number;
    }
}
