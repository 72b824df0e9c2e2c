package io.lb4j.internal.accept;

import java.net.InetSocketAddress;

/**
 * What is fixed when a listener is bound.
 *
 * @param name what statistics and messages call it
 * @param address where to listen, resolved; port 0 lets the system choose
 * @param backlog how many connections may wait to be accepted; the system may cap it
 * @param socketPerLoop whether each event loop listens on a socket of its own (SO_REUSEPORT): the kernel spreads connections, and one
 *     stays on the loop that accepted it. With epoll only
 */
public record ListenerSettings(String name, InetSocketAddress address, int backlog, boolean socketPerLoop) {
    private static final int BACKLOG = 4096;

    /** Checks the values. */
    public ListenerSettings {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("listener " + name + ": " + address.getHostString()
                    + " does not resolve (expected: an address of this host)");
        }
        if (backlog < 1) {
            throw new IllegalArgumentException("listener " + name + ": backlog " + backlog + " (expected: >= 1)");
        }
    }

    /** Returns settings with the defaults: a backlog of 4096, one listening socket. */
    public static ListenerSettings of(String name, InetSocketAddress address) {
        return new ListenerSettings(name, address, BACKLOG, false);
    }
}
