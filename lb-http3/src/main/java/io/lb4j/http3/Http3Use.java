package io.lb4j.http3;

/** Which endpoints are asked over HTTP/3. */
public enum Http3Use {
    /** All; where it is not to be had, TCP is used, and it is tried again after five minutes. */
    ALWAYS,
    /** Those that have said in {@code Alt-Svc} that they serve it (RFC 7838), for as long as they have said. */
    ADVERTISED
}
