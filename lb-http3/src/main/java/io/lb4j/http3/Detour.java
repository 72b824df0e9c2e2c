package io.lb4j.http3;

import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the client of one connection is, and where quiche sees it: at home, on a path that was proven, wherever it is. See {@link Detours}. Confined to the event loop.
 *
 * <p>quiche has an address proven when it has seen a packet from there, and sends there from then on. So of two packets from a new address the first is shown as it is, and the second as if it came from home, before quiche can
 * send: they leave it at home, with a challenge to send. The first waits a moment for the next. If none comes it is shown alone as it is, if it is small: quiche sends one packet there, as large as three times what came. All others from
 * there are shown as if they came from home. If the client leaves an address before it is proven, what went there as from home is found to be lost; quiche's timer alone repeats the one packet, if it has data of a stream in it.
 *
 * <p>It is long, for what one packet means depends on what was done with all those before it.
 */
final class Detour {
    private static final int FACTOR = 3;

    /** All that quiche may send for a packet goes into one of its own, which is as large as this at the most; and an answer to a challenge is as large as this at least (RFC 9000 §8.2.2). */
    private static final int WHOLE_OCTETS = 1_200;

    /** Of large packets that come alone, from an address that is not proven, so many are shown as from home. */
    private static final int MOST_LARGE = 8;

    /** If the client has not answered from an address by now, it is asked anew, and each time after twice as long. */
    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** So long quiche may leave unanswered what comes from a client before it is asked whether it can send. */
    private static final long MUTE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long HOLD_MILLIS = 5;

    /** An acknowledgement of what an answer answers follows by now, as most clients have it, and brings quiche home. */
    private static final long ANSWER_MILLIS = 30;

    private static final int MOST_ATTEMPTS = 8;

    private final Detours detours;
    private final MovingClient owner;
    private final QuichePaths paths;
    private final Names names;
    private final Whereabouts client;

    private boolean followed; // from the end of the handshake on
    private boolean begun; // has been elsewhere
    private boolean settling; // quiche is to move where the client is
    private boolean closed;
    private int attempt; // by which of our ports what is with the codec has come
    private @Nullable DatagramPacket held; // from an address of which quiche has not heard, until the next from there
    private long heldId;
    private @Nullable DatagramPacket answer; // which waits for what brings quiche home
    private long answerId;
    private long heldAfter; // packets that were genuine
    private int large;
    private @Nullable InetSocketAddress largeFrom;
    private int unanswered;
    private long unansweredSince;

    /**
     * Creates it, with a client whose address is not proven.
     *
     * @param source the first of the connection's ids
     * @param port of ours
     * @param mostIds that the connection has at once
     */
    Detour(Detours detours, SocketAddress source, InetSocketAddress home, int port, int mostIds, MovingClient owner) {
        this.detours = detours;
        this.owner = owner;
        paths = new QuichePaths(owner, home, port);
        names = new Names(detours, this, source, mostIds);
        client = new Whereabouts(detours, owner, paths);
    }

    /**
     * The client has proven where it is. Until then what comes is shown as it is.
     *
     * @return false if too many are there to tell whose packets are whose: then it is not followed
     */
    boolean follow() {
        followed = !closed && names.isRoomAt(home());
        if (followed) {
            names.addAddress(home());
        }
        return followed;
    }

    /** Returns where the client is, proven or not. */
    InetSocketAddress at() {
        return client.at();
    }

    InetSocketAddress home() {
        return paths.home().address;
    }

    Names names() {
        return names;
    }

    // ---- What comes

    /** A packet has come, or several together, of which the first has a long header, as in handshakes; takes it over. */
    void readLong(DatagramPacket packet) {
        if (followed) {
            showAsHome(packet, 0);
        } else {
            detours.show(packet, 0, packet.sender(), 0);
        }
    }

    /** A packet has come with an id of the connection's; takes it over. */
    void read(DatagramPacket packet, long id) {
        InetSocketAddress sender = packet.sender();
        if (!followed) {
            detours.show(packet, id, sender, 0);
            return;
        }
        boolean isFirst = answer == null || !answer.sender().equals(packet.sender());
        if (isFirst && isAnswer(packet, id)) {
            holdAnswer(packet, id);
            return;
        }
        readNow(packet, id);
        DatagramPacket waiting = answer;
        if (waiting != null && paths.isAtHome()) {
            answer = null;
            showAsHome(waiting, answerId);
        }
    }

    /** One from where the client is no more is dropped for it: nobody needs what it proves, and what else is in it comes again. */
    private void holdAnswer(DatagramPacket packet, long id) {
        release(answer);
        answer = packet;
        answerId = id;
        detours.later(() -> releaseAnswer(packet), ANSWER_MILLIS);
    }

    /** What only answers a challenge does not bring quiche home: it would begin to send all that it has to where the client need not stay. */
    private boolean isAnswer(DatagramPacket packet, long id) {
        return packet.content().readableBytes() >= WHOLE_OCTETS
                && packet.sender().equals(at())
                && names.isUsed(id)
                && paths.areUnproven()
                && !client.isTrusted(at())
                && !paths.isAtHome();
    }

    private void releaseAnswer(DatagramPacket alone) {
        if (!alone.equals(answer)) {
            return;
        }
        answer = null;
        if (alone.sender().equals(at())) {
            hearAsHome(alone, answerId);
        } else {
            alone.release();
        }
    }

    private void readNow(DatagramPacket packet, long id) {
        InetSocketAddress sender = packet.sender();
        boolean trusted = client.isTrusted(sender);
        QuichePath mute = mutePath();
        if (mute != null) {
            hear(packet, id, mute.address, mute.attempt);
        } else if (trusted && sender.equals(at())) {
            client.stay();
            readAsUsual(packet, id);
        } else if (!trusted && isByIntent(sender, id)) {
            readByIntent(packet, id);
        } else if (!trusted && isProofDue(sender)) {
            readForProof(packet, id);
        } else {
            hearAsHome(packet, id);
        }
    }

    private void readForProof(DatagramPacket packet, long id) {
        DatagramPacket first = held;
        if (first == null) {
            held = packet;
            heldId = id;
            heldAfter = owner.packets();
            detours.onHeld(this);
        } else if (first.sender().equals(packet.sender())) {
            held = null;
            hear(first, heldId, first.sender(), nextAttempt(first.sender()));
            hearAsHome(packet, id);
        } else {
            hearAsHome(packet, id);
        }
    }

    /** No more has come together with what is held. */
    void onReadComplete() {
        DatagramPacket alone = held;
        if (alone != null) {
            detours.later(() -> releaseAlone(alone), HOLD_MILLIS);
        }
    }

    private void releaseAlone(DatagramPacket alone) {
        if (!alone.equals(held)) {
            return;
        }
        held = null;
        boolean isLarge = FACTOR * alone.content().readableBytes() > WHOLE_OCTETS;
        if (mayAnswerForAnother(alone)) {
            countLarge(alone.sender());
            holdAnswer(alone, heldId);
            return;
        }
        if (owner.packets() != heldAfter) {
            showAsHome(alone, heldId); // it is the oldest: where the client is now others have told
        } else if ((isLarge && countLarge(alone.sender()) <= MOST_LARGE) || !isProofDue(alone.sender())) {
            hearAsHome(alone, heldId);
        } else {
            hear(alone, heldId, alone.sender(), nextAttempt(alone.sender()));
        }
    }

    /** A client answers from where it is, though it was asked where it was: that would have quiche send all that it has there. */
    private boolean mayAnswerForAnother(DatagramPacket alone) {
        return answer == null
                && alone.content().readableBytes() >= WHOLE_OCTETS
                && !alone.sender().equals(largeFrom)
                && names.isUsed(heldId)
                && paths.areUnproven()
                && !paths.isAtHome();
    }

    private int countLarge(InetSocketAddress sender) {
        large = sender.equals(largeFrom) ? large + 1 : 1;
        largeFrom = sender;
        return large;
    }

    private void readAsUsual(DatagramPacket packet, long id) {
        QuichePath there = settling ? paths.newestProven(at()) : null;
        QuichePath shown = there == null ? paths.home() : there;
        if (paths.areUnproven() || !names.isUsed(id)) {
            hear(packet, id, shown.address, shown.attempt);
        } else {
            show(packet, id, shown.address, shown.attempt);
        }
    }

    /** Returns a path for which quiche may have fallen silent: as soon as a packet is shown as from there it may send more. */
    private @Nullable QuichePath mutePath() {
        boolean isSilent = unanswered > 0 && paths.areUnproven() && detours.nanoTime() - unansweredSince >= MUTE_NANOS;
        return isSilent ? paths.firstStarved() : null;
    }

    /**
     * A client that moves by intent has another id (RFC 9000 §9.5), and may see first whether packets come through. That is quiche's business until it has moved: it answers on the path that
     * it was asked on; and of an id that was on two of its paths, when it is retired, it forgets but one.
     */
    private boolean isByIntent(InetSocketAddress sender, long id) {
        return !names.isUsed(id)
                && names.isRoomAt(sender)
                && (paths.newestWorking(sender) != null || mayBeAnotherPath(sender));
    }

    private void readByIntent(DatagramPacket packet, long id) {
        InetSocketAddress sender = packet.sender();
        InetSocketAddress own = packet.recipient();
        byte[] beginning = Detours.beginningOf(packet);
        QuichePath path = paths.newestWorking(sender);
        long before = owner.packets();
        show(packet, id, sender, path == null ? nextAttempt(sender) : path.attempt);
        if (!closed && owner.packets() == before) {
            detours.hearNothing(beginning, own, home(), paths.home().attempt);
        }
    }

    private boolean mayBeAnotherPath(InetSocketAddress sender) {
        return owner.hasPathsLeft() && nextAttempt(sender) <= MOST_ATTEMPTS;
    }

    private boolean isProofDue(InetSocketAddress sender) {
        QuichePath path = paths.newestWorking(sender);
        boolean isAsked = path != null && detours.nanoTime() - path.askedNanos < REPEAT_NANOS << path.attempt;
        return !isAsked && !paths.isAddressProven(sender) && names.isRoomAt(sender) && mayBeAnotherPath(sender);
    }

    /** Returns by which of our ports quiche is to see an address next: by another one it is on another path. One that it has given up it must not see again, or it has none to send on. */
    private int nextAttempt(InetSocketAddress sender) {
        QuichePath path = paths.newest(sender);
        return path == null ? 0 : path.attempt + 1;
    }

    private void hearAsHome(DatagramPacket packet, long id) {
        hear(packet, id, home(), paths.home().attempt);
    }

    /** Shows quiche a packet, and finds out whether it was genuine. */
    private void hear(DatagramPacket packet, long id, InetSocketAddress as, int by) {
        InetSocketAddress sender = packet.sender();
        InetSocketAddress own = packet.recipient();
        int octets = packet.content().readableBytes();
        byte[] beginning = Detours.beginningOf(packet);
        boolean isAsHome = as.equals(home());
        long before = owner.packets();
        show(packet, id, as, by);
        if (closed) {
            return;
        }
        if (owner.packets() != before) {
            onHeard(sender, id, isAsHome ? octets : 0);
        } else if (!isAsHome) {
            detours.hearNothing(beginning, own, home(), paths.home().attempt);
        }
    }

    private void onHeard(InetSocketAddress sender, long id, int octetsAsHome) {
        if (unanswered++ == 0) {
            unansweredSince = detours.nanoTime();
        }
        names.use(id);
        if (sender.equals(at())) {
            client.stay();
        } else {
            begin();
            if (client.hear(sender)) {
                onArrived(sender);
            }
        }
        client.allowFor(sender, octetsAsHome);
    }

    private void showAsHome(DatagramPacket packet, long id) {
        show(packet, id, home(), paths.home().attempt);
    }

    private void show(DatagramPacket packet, long id, InetSocketAddress as, int by) {
        attempt = by;
        detours.show(packet, id, as, by);
        attempt = 0;
    }

    private void arrive(InetSocketAddress sender) {
        if (!closed && !sender.equals(at())) {
            begin();
            client.moveTo(sender);
            onArrived(sender);
        }
    }

    private void onArrived(InetSocketAddress sender) {
        settling = false;
        owner.onArrived(sender);
    }

    private void begin() {
        if (!begun) {
            begun = true;
            unanswered = 0;
            paths.count();
            detours.onBegun();
        }
    }

    // ---- What quiche says of it

    /** quiche has a new path, to an address as it was shown. */
    void onPath(InetSocketAddress address) {
        if (followed) {
            begin();
            paths.add(new QuichePath(address, attempt, detours.nanoTime()));
            names.addAddress(address);
        }
    }

    /** quiche knows of a path that it is proven, or has given it up. */
    void onJudged() {
        paths.judge();
    }

    /** Returns whether the client has answered from an address, which may be before quiche tells of it. */
    boolean isAddressProven(InetSocketAddress address) {
        return paths.isAddressProven(address);
    }

    /** quiche has moved to a path that is proven: home, where it was shown so, or where the client has gone by intent. */
    void onMigrated(InetSocketAddress to) {
        if (!followed || to.equals(home()) || !detours.isShown(to)) {
            return;
        }
        QuichePath path = paths.newestProven(to);
        if (path != null && settling && to.equals(at())) {
            settling = false;
            paths.settleOn(path);
            return;
        }
        names.use(detours.shownId());
        arrive(to);
    }

    /** quiche is to move where the client is, if it is still there: what is known of one network says nothing of another. */
    void settle(InetSocketAddress where) {
        settling = at().equals(where) && !home().equals(where);
    }

    // ---- What goes

    /** Takes what has been sent until now as known. */
    void count() {
        if (begun) {
            paths.count();
        }
    }

    /** Returns whether quiche has sent a packet of this connection since it was asked last; never where the client has not moved. */
    boolean hasSent() {
        return begun && paths.hasSent();
    }

    /**
     * Returns where the packet goes that quiche {@linkplain #hasSent() has sent}, and counts it. What quiche has counted on another path than home may have a challenge in it, and goes there and
     * nowhere else, whatever address the codec gives it; all else goes where the client is, or, what may not go there, for a while where it was: if somebody else sends its packets on, it is there
     * still.
     *
     * @return null where it may go nowhere
     */
    @Nullable InetSocketAddress takeDestination(int octets) {
        unanswered = 0;
        if (paths.areUnproven()) {
            QuichePath path = paths.lastSentOn();
            if (path == null) {
                return null;
            }
            if (!path.equals(paths.home())) {
                return path.address;
            }
        }
        return client.take(octets);
    }

    /** The connection has ended. */
    void close() {
        if (!closed) {
            closed = true;
            release(held);
            release(answer);
            held = null;
            answer = null;
            names.close();
            if (begun) {
                detours.onEnded();
            }
        }
    }

    private static void release(@Nullable DatagramPacket packet) {
        if (packet != null) {
            packet.release();
        }
    }
}
