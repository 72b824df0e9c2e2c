package io.lb4j.http3;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where a client is, by what it has sent last, and what may go there. Confined to the event loop. */
final class Whereabouts {
    private static final int FACTOR = 3;

    /** So long what may not go to an address that is not proven goes where the client was: whoever sends its packets on from elsewhere need not be it. */
    private static final long MOST_ELSEWHERE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Detours detours;
    private final MovingClient owner;
    private final QuichePaths paths;
    private InetSocketAddress at; // where what was genuine came from last
    private InetSocketAddress lastProven; // where it was
    private long allowed; // octets that may yet go where it is, without proof
    private long elsewhereNanos; // since when it is where it has not proven to be

    Whereabouts(Detours detours, MovingClient owner, QuichePaths paths) {
        this.detours = detours;
        this.owner = owner;
        this.paths = paths;
        at = paths.home().address;
        lastProven = at;
    }

    InetSocketAddress at() {
        return at;
    }

    boolean isTrusted(InetSocketAddress address) {
        return address.equals(paths.home().address) || owner.isProven(address);
    }

    /** The client has come to an address, or is there still: what is proven meanwhile is where it was when it moves on. */
    void moveTo(InetSocketAddress address) {
        if (isTrusted(address)) {
            lastProven = address;
        } else if (isTrusted(at)) {
            elsewhereNanos = detours.nanoTime();
        }
        if (!address.equals(at)) {
            at = address;
            allowed = 0;
        }
    }

    /** So much has come from where it is that quiche takes for sent from home. */
    void allowFor(int octets) {
        if (!isTrusted(at)) {
            allowed += (long) FACTOR * octets;
        }
    }

    /**
     * Returns where so much goes: where the client is, or, what may not go there, for a while where it was: if somebody else sends its packets on, it is there still.
     *
     * @return null where it may go nowhere
     */
    @Nullable InetSocketAddress take(int octets) {
        if (isTrusted(at)) {
            return at;
        }
        if ((paths.isAddressProven(at) || octets <= allowed) && detours.mayGo(at, octets)) {
            allowed = Math.max(0, allowed - octets);
            return at;
        }
        return detours.nanoTime() - elsewhereNanos < MOST_ELSEWHERE_NANOS ? lastProven : null;
    }
}
