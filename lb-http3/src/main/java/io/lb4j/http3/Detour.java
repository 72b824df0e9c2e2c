package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way of one connection whose client has moved: where it is, and where quiche sees it. See {@link Detours}. Confined to the event loop.
 *
 * <p>quiche sees the client at home, but for the packet by which it has another address proven: until the next one comes it sends there, as little as may yet go there. These
 * few packets are kept, for nothing that is lost of them is found either, and sent again as they are when the client has proven where it is: elsewhere than at first only when no answer to
 * them proves an address any more.
 */
final class Detour {
    /** quiche sends four packets of full size for one that has come, and a connection has 64 addresses. */
    private static final int MOST_KEPT = 256;

    private static final int REPEATS = 2;
    private static final int MOST_PROOFS = 3; // of one address, after the first

    private final Detours detours;
    private final Owner owner;
    private final Set<Long> ids = new HashSet<>();
    private final Set<InetSocketAddress> aliases = new HashSet<>();
    private final Deque<Kept> kept = new ArrayDeque<>();
    private InetSocketAddress home;
    private InetSocketAddress actual;
    private boolean open; // what quiche sends home goes elsewhere
    private boolean leaving; // the next address that quiche sees is home
    private boolean proofDue;
    private int proofs;
    private int moves;
    private @Nullable InetSocketAddress stray; // where quiche sends instead of home
    private boolean closed;

    /** A packet that may be lost for good. */
    private static final class Kept {
        private final ByteBuf octets;
        private final InetSocketAddress shown; // where quiche has sent it
        private int repeats;

        Kept(ByteBuf octets, InetSocketAddress shown) {
            this.octets = octets;
            this.shown = shown;
        }
    }

    /** Whose client it is. */
    interface Owner {
        /** Returns how many packets of the connection have come that were genuine. */
        long packets();

        /** Returns whether quiche sends to an address at present. */
        boolean isOn(InetSocketAddress shown);

        /** Returns whether quiche has given an address up, and must not be shown the client there again. */
        boolean hasFailed(InetSocketAddress shown);

        /** Returns whether quiche waits for an address to be proven: for whoever gets to read what it has sent there can do so. */
        boolean isPending(InetSocketAddress shown);

        /** The client has come to another address, which is not proven by that. */
        void onMoved(InetSocketAddress to);

        /** The client is back where it came from. */
        void onReturn();
    }

    Detour(Detours detours, InetSocketAddress home, Owner owner) {
        this.detours = detours;
        this.home = home;
        this.owner = owner;
        actual = home;
    }

    InetSocketAddress home() {
        return home;
    }

    InetSocketAddress actual() {
        return actual;
    }

    long packets() {
        return owner.packets();
    }

    /** The connection is known by an id, which came from an address as quiche sees it. */
    void learn(long id, InetSocketAddress shown) {
        ids.add(id);
        if (!shown.equals(home)) {
            strayTo(shown);
        }
    }

    /** Returns whether quiche sees the client at an address because it is there. */
    boolean isAtHome(InetSocketAddress sender) {
        return !open && !leaving && sender.equals(home) && sender.equals(actual);
    }

    /** Returns where quiche is to see a packet of the client's come from: at an address that it has given up it would end the connection. */
    InetSocketAddress shown(InetSocketAddress sender) {
        boolean isThere = open && sender.equals(actual);
        if (sender.equals(home) || (isThere && !leaving && !proofDue)) {
            return home;
        }
        return (isThere && proofDue) || owner.hasFailed(sender) ? detours.newAlias(sender) : sender;
    }

    /** A packet from elsewhere was shown as from home. One that only answers a challenge does not bring quiche back. */
    void onShownHome() {
        if (stray != null && owner.isOn(home)) {
            endStray();
        }
    }

    /** Returns whether quiche sends elsewhere than home, whichever of the two the codec says. */
    boolean isAway() {
        return stray != null;
    }

    /** A packet has come that was genuine, and not shown as from home unless it came from there. */
    void onHeard(InetSocketAddress sender, InetSocketAddress shown) {
        if (!shown.equals(sender)) {
            aliases.add(shown);
        }
        if (closed) {
            forgetAliases();
        } else if (sender.equals(home)) {
            goHome();
        } else {
            proofDue = false;
            if (owner.isOn(shown)) {
                strayTo(shown);
                goTo(sender, shown);
            }
        }
    }

    private void goHome() {
        end();
        onShownHome();
        actual = home;
        leaving = false;
        moves++;
        owner.onReturn();
        onProven();
    }

    private void goTo(InetSocketAddress sender, InetSocketAddress shown) {
        boolean isMove = !sender.equals(actual);
        end();
        if (leaving || !detours.isFree(home, sender)) {
            home = shown;
            leaving = false;
            endStray();
        }
        actual = sender;
        if (!home.equals(sender)) {
            open = true;
            detours.begin(home, this);
        }
        if (isMove) {
            moves++;
            proofs = 0;
            owner.onMoved(sender);
        }
    }

    /** Somebody else is at home: it is quiche's no more. */
    void cut() {
        end();
        leaving = true;
    }

    /**
     * quiche is to see the client where it is from now on.
     *
     * @param where it is not to have moved from
     */
    void settle(InetSocketAddress where) {
        if (open && actual.equals(where)) {
            leaving = true;
        }
    }

    private void end() {
        if (open) {
            open = false;
            detours.end(home, this);
        }
    }

    /** The connection has ended. */
    void close() {
        closed = true;
        end();
        endStray();
        ids.forEach(id -> detours.forget(id, this));
        forgetAliases();
        forgetKept();
    }

    private void forgetAliases() {
        aliases.forEach(detours::forgetAlias);
    }

    // ---- Proofs, and what was sent before

    private void strayTo(InetSocketAddress shown) {
        endStray();
        stray = shown;
        detours.beginStray(shown, this);
    }

    private void endStray() {
        InetSocketAddress former = stray;
        if (former != null) {
            stray = null;
            detours.endStray(former, this);
        }
    }

    /** quiche sends a packet elsewhere than home. */
    void onStray(DatagramPacket packet) {
        InetSocketAddress shown = stray;
        if (shown == null) {
            return;
        }
        if (kept.size() == MOST_KEPT) {
            kept.remove().octets.release();
        }
        kept.add(new Kept(packet.content().retainedDuplicate(), shown));
    }

    /** quiche has given the address up where the client is: it has to prove it anew, as often as is worth it. */
    void onUnproven() {
        if (open && proofs < MOST_PROOFS) {
            proofs++;
            proofDue = true;
        }
    }

    /** The client has proven where it is. What was kept goes there, and again a little later, unless it has moved on by then. */
    void onProven() {
        proofDue = false;
        repeatKept(moves);
    }

    private void repeatKept(int asOf) {
        if (closed || asOf != moves || kept.isEmpty()) {
            return;
        }
        Map<InetSocketAddress, Boolean> mayGo = new HashMap<>();
        kept.removeIf(packet -> mayGo.computeIfAbsent(packet.shown, this::mayBeRead) && repeat(packet));
        detours.flush();
        if (!kept.isEmpty()) {
            detours.later(() -> repeatKept(asOf));
        }
    }

    /** What may have a challenge in it goes nowhere else: by the answer its first recipient's address would be proven. */
    private boolean mayBeRead(InetSocketAddress shown) {
        return detours.behind(shown).equals(actual) || !owner.isPending(shown);
    }

    /** Returns whether that was often enough. */
    private boolean repeat(Kept packet) {
        detours.send(new DatagramPacket(packet.octets.retainedDuplicate(), actual));
        packet.repeats++;
        if (packet.repeats < REPEATS) {
            return false;
        }
        packet.octets.release();
        return true;
    }

    private void forgetKept() {
        kept.forEach(packet -> packet.octets.release());
        kept.clear();
    }
}
