package io.lb4j.http3;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where a client is, by what it has sent last, and what may go there. Confined to the event loop.
 *
 * <p>Packets overtake one another, all the more on their way to several sockets, and which of two was sent last only quiche knows. So one from an address that the client had left may be late,
 * or tell that it is back. Where the client is not heard, what goes there goes in turn to both, at longer and longer intervals: one that waits for an answer may have nothing to say itself.
 */
final class Whereabouts {
    private static final int FACTOR = 3;

    /** So long what may not go to an address that is not proven goes where the client was: whoever sends its packets on from elsewhere need not be it. */
    private static final long MOST_ELSEWHERE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Packets that come so soon one behind the other may have been sent in the other order. */
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** So long, and two round trips, a client is not heard, while something goes to it, before it is looked for at another address. */
    private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final int MOST_LEFT = 64;

    private final Detours detours;
    private final MovingClient owner;
    private final QuichePaths paths;
    private final Deque<InetSocketAddress> left = new ArrayDeque<>(0); // the latest last
    private Place place; // where it is taken to be
    private @Nullable Place other; // where it may be as well
    private InetSocketAddress lastProven; // where it was
    private long elsewhereNanos; // since when it is where it has not proven to be
    private long heardNanos; // when what was genuine came last from there, or it was taken to be there
    private long otherNanos; // when it was heard at the other last
    private long silentNanos = SILENT_NANOS; // before it is looked for elsewhere

    /** An address, and the octets that may yet go there without proof. */
    private static final class Place {
        private final InetSocketAddress address;
        private long allowed;

        Place(InetSocketAddress address) {
            this.address = address;
        }
    }

    Whereabouts(Detours detours, MovingClient owner, QuichePaths paths) {
        this.detours = detours;
        this.owner = owner;
        this.paths = paths;
        place = new Place(paths.home().address);
        lastProven = place.address;
    }

    InetSocketAddress at() {
        return place.address;
    }

    boolean isTrusted(InetSocketAddress address) {
        return address.equals(paths.home().address) || owner.isProven(address);
    }

    /** What was genuine has come from where the client is. */
    void stay() {
        if (isTrusted(place.address)) {
            lastProven = place.address;
        }
        if (!left.isEmpty()) {
            heardNanos = detours.nanoTime();
            silentNanos = SILENT_NANOS;
            if (heardNanos - otherNanos >= SILENT_NANOS) {
                other = null;
            }
        }
    }

    /**
     * What was genuine has come from elsewhere.
     *
     * @return whether the client has come there; not where it had been and may have sent that before it left
     */
    boolean hear(InetSocketAddress address) {
        long now = detours.nanoTime();
        boolean isOrderKnown = left.isEmpty() || now - heardNanos >= LATE_NANOS;
        if (!isOrderKnown && left.contains(address)) {
            Place late = other;
            if (late == null || !late.address.equals(address)) {
                other = new Place(address);
            }
            otherNanos = now;
            return false;
        }
        Place before = place;
        otherNanos = heardNanos;
        moveTo(address);
        other = isOrderKnown ? null : before;
        return true;
    }

    /** The client has come to an address: what is proven meanwhile is where it was when it moves on. */
    void moveTo(InetSocketAddress address) {
        if (isTrusted(address)) {
            lastProven = address;
        } else if (isTrusted(place.address)) {
            elsewhereNanos = detours.nanoTime();
        }
        takeTo(new Place(address));
        other = null;
        silentNanos = SILENT_NANOS;
    }

    private void takeTo(Place next) {
        left.remove(next.address);
        left.addLast(place.address);
        if (left.size() > MOST_LEFT) {
            left.removeFirst();
        }
        place = next;
        heardNanos = detours.nanoTime();
    }

    /** So much has come from an address that quiche takes for sent from home. */
    void allowFor(InetSocketAddress from, int octets) {
        if (!isTrusted(from)) {
            Place second = other;
            if (from.equals(place.address)) {
                place.allowed += (long) FACTOR * octets;
            } else if (second != null && from.equals(second.address)) {
                second.allowed += (long) FACTOR * octets;
            }
        }
    }

    /**
     * Returns where so much goes: where the client is, or, what may not go there, for a while where it was: if somebody else sends its packets on, it is there still.
     *
     * @return null where it may go nowhere
     */
    @Nullable InetSocketAddress take(int octets) {
        lookElsewhereIfSilent();
        InetSocketAddress at = place.address;
        if (isTrusted(at)) {
            return at;
        }
        if ((paths.isAddressProven(at) || octets <= place.allowed) && detours.mayGo(at, octets)) {
            place.allowed = Math.max(0, place.allowed - octets);
            return at;
        }
        return detours.nanoTime() - elsewhereNanos < MOST_ELSEWHERE_NANOS ? lastProven : null;
    }

    private void lookElsewhereIfSilent() {
        Place next = other;
        if (next != null && detours.nanoTime() - heardNanos >= silentNanos + 2 * paths.roundTripNanos()) {
            other = place;
            takeTo(next);
            otherNanos = heardNanos;
            silentNanos *= 2;
        }
    }
}
