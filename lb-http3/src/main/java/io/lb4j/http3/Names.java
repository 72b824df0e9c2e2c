package io.lb4j.http3;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** By what the packets of a connection are known: the ids that it has for its client, and the addresses that the codec may say they go to. Confined to the event loop. */
final class Names {
    private static final int MOST_USED = 8;

    private final Detours detours;
    private final Detour owner;
    private final SocketAddress source;
    private final @Nullable ByteBuffer chosen;
    private final int mostIds;
    private final Deque<Long> ids = new ArrayDeque<>(2);
    private final Deque<Long> used = new ArrayDeque<>(2); // the latest first
    private final Set<InetSocketAddress> addresses = new HashSet<>(2); // where quiche has seen the client
    private boolean closed;

    /**
     * Begins with the first of the ids, and with the one that the client has chosen for its first packets.
     *
     * @param mostIds that quiche keeps at once
     */
    Names(Detours detours, Detour owner, SocketAddress source, int mostIds) {
        this.detours = detours;
        this.owner = owner;
        this.source = source;
        this.mostIds = 2 * mostIds; // and as many that it has just retired
        chosen = detours.learn(source, owner);
    }

    /** An id stands for the connection. */
    void addId(long id) {
        if (!closed && detours.learn(id, owner)) {
            ids.add(id);
            if (ids.size() > mostIds) {
                forgetEldest();
            }
        }
    }

    private void forgetEldest() {
        for (Iterator<Long> each = ids.iterator(); each.hasNext(); ) {
            long id = each.next();
            if (!isUsed(id)) {
                each.remove();
                detours.forget(id, owner);
                return;
            }
        }
    }

    /** The client has used an id where it is. */
    void use(long id) {
        if (!isUsed(id)) {
            used.addFirst(id);
            if (used.size() > MOST_USED) {
                used.removeLast();
            }
        }
    }

    boolean isUsed(long id) {
        return used.contains(id);
    }

    /** Returns whether the codec may say an address: it does, or there are not too many of whom it says the same. */
    boolean isRoomAt(InetSocketAddress address) {
        return addresses.contains(address) || detours.isRoomAt(address);
    }

    /** quiche has seen the client at an address. */
    void addAddress(InetSocketAddress address) {
        if (!closed && addresses.add(address)) {
            detours.register(address, owner);
        }
    }

    void close() {
        closed = true;
        detours.forget(source, owner);
        if (chosen != null) {
            detours.forget(chosen, owner);
        }
        ids.forEach(id -> detours.forget(id, owner));
        addresses.forEach(address -> detours.unregister(address, owner));
    }
}
