package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicConnectionPathStats;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * quiche's paths of one connection. On which of them a packet has been sent shows by quiche's own counters alone: what the codec says of it can be another address. Confined to the event
 * loop.
 */
final class QuichePaths {
    // of quiche's states of a path; less than zero: given up
    private static final long UNASKED = 0;
    private static final long ASKED = 1;
    private static final long ADDRESS_PROVEN = 2;
    private static final long PROVEN = 3;

    private static final long FACTOR = 3;

    /** With less, quiche gives a path up instead of having it proven again. */
    private static final long LEAST_FOR_CHALLENGE = 25;

    private static final long ENOUGH_FOR_CHALLENGE = 100;

    private final MovingClient owner;
    private final int port;
    private final List<QuichePath> all = new ArrayList<>(2); // none is ever left out, for quiche may send on each
    private QuichePath home;
    private boolean unproven;
    private long sent;
    private long missed; // of what was sent, before the last

    /**
     * Creates them, with the first.
     *
     * @param home where the client is, as it has proven
     * @param port of ours
     */
    QuichePaths(MovingClient owner, InetSocketAddress home, int port) {
        this.owner = owner;
        this.port = port;
        this.home = new QuichePath(home, 0, 0);
        all.add(this.home);
    }

    /** Returns where quiche is to see the client. */
    QuichePath home() {
        return home;
    }

    /** quiche has gone to a proven path for good. */
    void settleOn(QuichePath path) {
        home = path;
    }

    /** quiche has a new path. */
    void add(QuichePath path) {
        path.number = all.size();
        all.add(path);
        unproven = true;
        count();
    }

    /** Returns the newest path to an address. */
    @Nullable QuichePath newest(InetSocketAddress address) {
        return newest(address, Long.MIN_VALUE);
    }

    /** Returns the newest path to an address of those that quiche has not given up. */
    @Nullable QuichePath newestWorking(InetSocketAddress address) {
        return newest(address, UNASKED);
    }

    /** Returns the newest proven path to an address. */
    @Nullable QuichePath newestProven(InetSocketAddress address) {
        return newest(address, PROVEN);
    }

    private @Nullable QuichePath newest(InetSocketAddress address, long leastState) {
        for (int i = all.size() - 1; i >= 0; i--) {
            QuichePath path = all.get(i);
            if (path.address.equals(address) && (leastState == Long.MIN_VALUE || state(path) >= leastState)) {
                return path;
            }
        }
        return null;
    }

    /** Something is known of a path: it is proven, or given up. */
    void judge() {
        boolean was = unproven;
        unproven = all.stream().anyMatch(path -> state(path) != PROVEN);
        if (unproven && !was) {
            count();
        }
    }

    /** Returns whether quiche may have an address proven: one that it has given up, too, it may ask again. */
    boolean areUnproven() {
        return unproven;
    }

    /** Returns whether quiche sends at home. */
    boolean isAtHome() {
        QuicConnectionPathStats stats = stats(home);
        return stats != null && stats.active();
    }

    /** Returns how long a packet and its answer take at home; 0 where nobody knows. */
    long roundTripNanos() {
        QuicConnectionPathStats stats = stats(home);
        return stats == null ? 0 : stats.rtt();
    }

    /** Returns whether the client has answered from an address, which may be before quiche tells of it. */
    boolean isAddressProven(InetSocketAddress address) {
        return newest(address, ADDRESS_PROVEN) != null;
    }

    /**
     * Returns a path for which quiche may have a challenge to send that has no room in what may go there: acknowledgements, which go first, have left too little. Then it sends on no other either.
     */
    @Nullable QuichePath firstStarved() {
        for (QuichePath path : all) {
            QuicConnectionPathStats stats = stats(path);
            if (stats != null && isStarved(stats)) {
                return path;
            }
        }
        return null;
    }

    private static boolean isStarved(QuicConnectionPathStats path) {
        long left = FACTOR * path.recvBytes() - path.sentBytes();
        boolean isShort = left >= LEAST_FOR_CHALLENGE && left < ENOUGH_FOR_CHALLENGE;
        return (path.validationState() == UNASKED && path.sent() > 0) || (path.validationState() == ASKED && isShort);
    }

    // ---- What is sent

    /** Takes what has been sent until now as known. */
    void count() {
        sent = owner.sent();
        missed = 0;
        all.forEach(this::hasSentOn);
    }

    /** Returns whether quiche has sent a packet of this connection since it was asked last. */
    boolean hasSent() {
        long now = owner.sent();
        missed = now - sent - 1;
        sent = now;
        return missed >= 0;
    }

    /**
     * Returns which path the packet is on that quiche {@linkplain #hasSent() has sent}.
     *
     * @return null where that cannot be told
     */
    @Nullable QuichePath lastSentOn() {
        boolean isOne = missed == 0;
        if (isOne && hasSentOn(home)) {
            return home;
        }
        QuichePath found = null;
        for (QuichePath path : all) {
            found = hasSentOn(path) ? path : found;
        }
        return isOne ? found : null;
    }

    private boolean hasSentOn(QuichePath path) {
        QuicConnectionPathStats stats = stats(path);
        long now = stats == null ? 0 : stats.sent();
        boolean grew = now > path.sent;
        path.sent = now;
        return grew;
    }

    // ---- What quiche knows

    private long state(QuichePath path) {
        QuicConnectionPathStats stats = stats(path);
        return stats == null ? UNASKED - 1 : stats.validationState();
    }

    private @Nullable QuicConnectionPathStats stats(QuichePath path) {
        if (path.gone) {
            return null;
        }
        QuicConnectionPathStats stats = owner.path(path.number);
        for (int number = 0; !isOf(stats, path); number++) {
            stats = owner.path(number);
            if (stats == null) {
                path.gone = true;
                return null;
            }
            path.number = number;
        }
        return stats;
    }

    private boolean isOf(@Nullable QuicConnectionPathStats stats, QuichePath path) {
        return stats != null
                && PathPorts.actual(stats.peerAddress()).equals(path.address)
                && PathPorts.actual(stats.localAddress()).getPort() == QuichePath.port(port, path.attempt);
    }
}
