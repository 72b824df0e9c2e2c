package io.lb4j.internal.codec.http2;

import io.lb4j.error.Kind;

/** Which end of a connection we are, and thereby what the peer's faults are called. */
enum Role {
    SERVER(Kind.MALFORMED_REQUEST, Kind.CLIENT_STALLED, Kind.CLIENT_GONE),
    CLIENT(Kind.MALFORMED_RESPONSE, Kind.IDLE_TIMEOUT, Kind.UPSTREAM_CLOSED);

    private final Kind fault;
    private final Kind stall;
    private final Kind loss;

    Role(Kind fault, Kind stall, Kind loss) {
        this.fault = fault;
        this.stall = stall;
        this.loss = loss;
    }

    /** Returns the kind of failure that a peer who breaks the protocol brings about. */
    Kind fault() {
        return fault;
    }

    /** Returns the kind of failure that a peer who takes nothing brings about. */
    Kind stall() {
        return stall;
    }

    /** Returns the kind of failure that a connection which is lost brings about. */
    Kind loss() {
        return loss;
    }
}
