package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicPathEvent;
import java.net.InetSocketAddress;

/**
 * Ports in path events, whose two octets come in the wrong order from some versions of the codec. Which order it is shows from the packet that
 * has brought an event about, and is remembered. Thread-safe.
 */
final class PathPorts {
    private static volatile boolean swapped = true; // as they come from Netty 4.2.18
    private static volatile boolean known;

    private PathPorts() {}

    /**
     * Returns the address of the peer, for an event that its packet has brought about.
     *
     * @param senderPort of that packet, or 0
     */
    static InetSocketAddress arrivalOf(QuicPathEvent event, int senderPort) {
        int named = event.remote().getPort();
        int turned = turned(named);
        if (!known && turned != named && (senderPort == turned || senderPort == named)) {
            swapped = senderPort == turned;
            known = true;
        }
        return peerOf(event);
    }

    /** Returns the address of the peer. */
    static InetSocketAddress peerOf(QuicPathEvent event) {
        return actual(event.remote());
    }

    /** Returns the address that the codec means. */
    static InetSocketAddress actual(InetSocketAddress named) {
        return swapped ? new InetSocketAddress(named.getAddress(), turned(named.getPort())) : named;
    }

    private static int turned(int port) {
        return (port & 0xff) << 8 | port >>> 8;
    }
}
