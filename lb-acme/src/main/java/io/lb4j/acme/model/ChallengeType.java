package io.lb4j.acme.model;

/** The ways in which an authority is shown that a name is ours. */
public enum ChallengeType {
    /** An answer over HTTP at port 80 of the name (RFC 8555 §8.3). */
    HTTP("http", "http-01"),
    /** A handshake at port 443 of the name (RFC 8737). */
    TLS_ALPN("tls-alpn", "tls-alpn-01"),
    /** A TXT record below the name (RFC 8555 §8.4); the only one that is good for wildcards. */
    DNS("dns", "dns-01");

    private final String option;
    private final String protocolName;

    ChallengeType(String option, String protocolName) {
        this.option = option;
        this.protocolName = protocolName;
    }

    /** Returns what configurations call it: {@code tls-alpn}. */
    public String option() {
        return option;
    }

    /** Returns what the protocol calls it: {@code tls-alpn-01}. */
    public String protocolName() {
        return protocolName;
    }
}
