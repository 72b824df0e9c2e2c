package io.lb4j.model;

/** The version of the PROXY protocol's header that endpoints get at the beginning of each connection. */
public enum ProxyProtocol {
    /** The line of text. */
    V1,
    /** The binary header. */
    V2
}
