package io.lb4j.model;

/** What a listener speaks over TCP. */
public enum ListenerProtocol {
    /** HTTP/1.1 and HTTP/1.0. */
    HTTP1,
    /** HTTP/2: by ALPN over TLS, by prior knowledge without. */
    HTTP2
}
