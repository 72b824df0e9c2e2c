package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The generations of a listener's HTTP/3 on one port: the one whose options hold, and those before it whose connections have not ended. All have sockets on the port, among which
 * the kernel spreads whatever comes; by this each packet finds the generation that it belongs to, and in a handshake the event loop. Thread-safe.
 */
final class Generations {
    /**
     * For so long after the last change of sockets the kernel's choice is not relied on: a client may come to another socket than the one that it began at, or that its Retry has
     * come from. Handshakes and proofs of addresses are over by then.
     */
    private static final long UNSETTLED_SECONDS = 30;

    private final byte[] tokenKey = RetryTokens.newKey();
    private final ConcurrentMap<ByteBuffer, Junction> beginnings = new ConcurrentHashMap<>();
    private volatile List<Generation> living = List.of(); // the newest first; written under the lock
    private volatile boolean mixed; // written under the lock
    private int unsettled; // guarded by this

    /** Returns what proofs of addresses are signed with, whichever generation has asked for them. */
    byte[] tokenKey() {
        return tokenKey.clone();
    }

    /** Returns ids that are told from those of all who live. */
    ConnectionIds newIds() {
        return new ConnectionIds(living.stream().map(Generation::ids).toList());
    }

    /** Takes one in that has bound nothing yet: from now on what comes is looked at, if there are others. */
    synchronized void join(Generation generation) {
        List<Generation> all = new ArrayList<>();
        all.add(generation);
        all.addAll(living);
        living = List.copyOf(all);
        mixed = mixed || all.size() > 1;
    }

    /** Takes one out whose sockets are closed. */
    synchronized void leave(Generation generation) {
        living = living.stream().filter(other -> other != generation).toList();
        if (mixed && !living.isEmpty()) {
            unsettled++;
            settleLater();
        }
    }

    private void settleLater() {
        living.get(0)
                .junctions()
                .get(0)
                .place()
                .eventLoop()
                .schedule(this::settle, UNSETTLED_SECONDS, TimeUnit.SECONDS);
    }

    private synchronized void settle() {
        boolean isLast = unsettled == 1;
        if (isLast
                && (living.size() > 1
                        || living.stream().anyMatch(left -> left.ids().hasAdopted()))) {
            settleLater();
            return;
        }
        unsettled--;
        mixed = !isLast;
    }

    /** Returns whether what has come to a socket may belong to another. */
    boolean isMixed() {
        return mixed;
    }

    // ---- Whose a packet is

    /** A client has begun a connection with an id. */
    void onBegun(ByteBuffer id, Junction there) {
        beginnings.put(id, there);
    }

    void onOver(ByteBuffer id, Junction there) {
        beginnings.remove(id, there);
    }

    /** Returns where the connection is that a client has begun with an id; null for none. */
    @Nullable Junction begunWith(ByteBuffer id) {
        return beginnings.get(id);
    }

    /**
     * Returns who has given an id out, or goes by it.
     *
     * @param at where the id begins
     * @param loop the number of the event loop
     * @return null if nobody who lives has
     */
    @Nullable Junction ownerOf(ByteBuf octets, int at, int loop) {
        List<Generation> all = living;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).ids().isAdopted(octets, at)) {
                return open(all.get(i), loop);
            }
        }
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).ids().isMarked(octets, at)) {
                return open(all.get(i), loop);
            }
        }
        return null;
    }

    /**
     * Returns who takes new connections.
     *
     * @param loop the number of the event loop
     * @return null if nobody does yet
     */
    @Nullable Junction newest(int loop) {
        List<Generation> all = living;
        for (int i = 0; i < all.size(); i++) {
            Junction junction = all.get(i).hasBegun() ? open(all.get(i), loop) : null;
            if (junction != null) {
                return junction;
            }
        }
        return null;
    }

    private static @Nullable Junction open(Generation generation, int loop) {
        Junction junction = generation.junctions().get(loop);
        return junction.isOpen() ? junction : null;
    }
}
