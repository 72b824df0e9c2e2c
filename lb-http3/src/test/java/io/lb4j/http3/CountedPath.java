package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicConnectionPathStats;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A path that quiche has, and what it counts there, as a test has it. */
final class CountedPath implements QuicConnectionPathStats {
    final InetSocketAddress sender;
    final int port;
    long state;
    long sent;
    long sentBytes;
    long recvBytes;
    boolean active;

    CountedPath(InetSocketAddress sender, int port) {
        this.sender = sender;
        this.port = port;
    }

    @Override
    public InetSocketAddress localAddress() {
        return asTheCodecSays(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Override
    public InetSocketAddress peerAddress() {
        return asTheCodecSays(sender);
    }

    private static InetSocketAddress asTheCodecSays(InetSocketAddress address) {
        return PathPorts.actual(address); // turned once more it is what it was
    }

    @Override
    public long validationState() {
        return state;
    }

    @Override
    public boolean active() {
        return active;
    }

    @Override
    public long sent() {
        return sent;
    }

    @Override
    public long recv() {
        return 0;
    }

    @Override
    public long lost() {
        return 0;
    }

    @Override
    public long retrans() {
        return 0;
    }

    @Override
    public long rtt() {
        return 0;
    }

    @Override
    public long cwnd() {
        return 0;
    }

    @Override
    public long sentBytes() {
        return sentBytes;
    }

    @Override
    public long recvBytes() {
        return recvBytes;
    }

    @Override
    public long lostBytes() {
        return 0;
    }

    @Override
    public long streamRetransBytes() {
        return 0;
    }

    @Override
    public long pmtu() {
        return 0;
    }

    @Override
    public long deliveryRate() {
        return 0;
    }
}
