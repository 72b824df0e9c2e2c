package io.lb4j.model;

/** What is spoken with a cluster's endpoints. */
public enum UpstreamProtocol {
    /** What ALPN agrees on over TLS; HTTP/1.1 without TLS. */
    AUTO,
    /** HTTP/1.1. */
    HTTP1,
    /** HTTP/2: by ALPN over TLS, by prior knowledge without. */
    HTTP2
}
