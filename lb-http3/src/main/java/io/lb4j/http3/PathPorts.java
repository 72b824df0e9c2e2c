package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicPathEvent;
import java.net.InetSocketAddress;

/**
 * Ports in path events, whose two octets come in the wrong order from some versions of the codec. Which order it is shows from the packet that
 * has brought an event about, and is remembered. Thread-safe.
 */
final class PathPorts {
    private static volatile boolean swapped = true; // as they come from Netty 4.2.18

    private PathPorts() {}

    /**
     * Returns the address of the peer.
     *
     * @param senderPort of the packet that has brought the event about, or 0
     */
    static InetSocketAddress peerOf(QuicPathEvent event, int senderPort) {
        InetSocketAddress named = event.remote();
        int turned = turned(named.getPort());
        if (turned != named.getPort()) {
            if (senderPort == turned) {
                swapped = true;
            } else if (senderPort == named.getPort()) {
                swapped = false;
            }
        }
        return swapped ? new InetSocketAddress(named.getAddress(), turned) : named;
    }

    static int turned(int port) {
        return (port & 0xff) << 8 | port >>> 8;
    }
}
