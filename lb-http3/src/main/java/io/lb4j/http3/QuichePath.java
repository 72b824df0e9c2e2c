package io.lb4j.http3;

import java.net.InetSocketAddress;

/** One of quiche's paths of a connection, and how much it has sent there. Confined to the event loop. */
final class QuichePath {
    /** Where quiche sees the client. */
    final InetSocketAddress address;

    /** By which of our ports quiche sees it, counted from the real one: of an address that it has given up there is another path by another port. */
    final int attempt;

    /** When quiche was shown a packet from there first. */
    final long askedNanos;

    long sent;
    int number; // of quiche's paths, when it was last looked for
    boolean gone; // quiche has dropped it

    QuichePath(InetSocketAddress address, int attempt, long askedNanos) {
        this.address = address;
        this.attempt = attempt;
        this.askedNanos = askedNanos;
    }

    /** Returns the port that stands for one of ours. */
    static int port(int own, int attempt) {
        return (own ^ attempt) & 0xffff;
    }
}
