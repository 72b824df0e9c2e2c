package io.lb4j.it.streaming;

import io.lb4j.model.UpstreamProtocol;

/** What is spoken between the balancer and a peer. */
enum Leg {
    H1(UpstreamProtocol.HTTP1, false),
    H1_TLS(UpstreamProtocol.HTTP1, true),
    H2(UpstreamProtocol.HTTP2, false),
    H2_TLS(UpstreamProtocol.HTTP2, true);

    private final UpstreamProtocol protocol;
    private final boolean secured;

    Leg(UpstreamProtocol protocol, boolean secured) {
        this.protocol = protocol;
        this.secured = secured;
    }

    UpstreamProtocol protocol() {
        return protocol;
    }

    boolean isSecured() {
        return secured;
    }

    boolean isHttp2() {
        return protocol == UpstreamProtocol.HTTP2;
    }

    /** Returns the protocol's name in ALPN. */
    String alpn() {
        return isHttp2() ? "h2" : "http/1.1";
    }
}
