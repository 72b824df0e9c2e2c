package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.handler.codec.quic.QuicConnectionStats;
import io.netty.handler.codec.quic.QuicPathEvent;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that a connection comes from. The client's address changes only when it has both moved to another one and proven it: the
 * codec's own address is that of the sender of any datagram, before anything about it is known to be genuine. Confined to the event loop.
 *
 * <p>quiche itself goes on with the path that it was on ({@link Detours}). Where more than the port is new, that lasts only until what was
 * under way is known to be lost, for what is known of one network says nothing of another (RFC 9000 §9.4).
 *
 * <p>Each address uses up a connection id of the client's, and quiche takes no more of them in a connection's life than it keeps at once
 * (cloudflare/quiche#2743): at the last, the connection drains, for at the next it would go dark.
 */
final class ClientPaths implements Detour.Owner {
    private static final long ABROAD_SECONDS = 10;
    private static final long ADDRESS_PROVEN = 2; // of quiche's states of a path; with the next its width is known too

    private final QuicChannel channel;
    private final Strangers strangers;
    private final Detours detours;
    private final Set<InetSocketAddress> proven = new HashSet<>();
    private final Set<InetSocketAddress> seen = new HashSet<>(); // by quiche, which keeps as many
    private final ClientInfo info;
    private final Figures figures;
    private final Runnable onLast;
    private boolean closed;
    private int left; // addresses that the connection can yet move to
    private @Nullable InetSocketAddress at; // where the client is, proven or not
    private @Nullable Detour detour; // null before it has moved

    /**
     * Creates what follows a connection.
     *
     * @param onLast is called when the connection cannot move again
     */
    ClientPaths(QuicChannel channel, ClientInfo info, Http3Loop loop, Runnable onLast) {
        this.channel = channel;
        this.info = info;
        this.onLast = onLast;
        strangers = loop.strangers();
        detours = loop.detours();
        figures = loop.plan().figures();
        at = info.remoteAddress() instanceof InetSocketAddress first ? first : null;
        left = loop.plan().settings().value(Http3Options.ACTIVE_CONNECTION_IDS) - 1;
    }

    /** The handshake is over. */
    void onConnected() {
        InetSocketAddress first = at;
        if (first != null) {
            prove(first);
        }
    }

    private void prove(InetSocketAddress address) {
        if (!closed && proven.add(address)) {
            strangers.onProven(address);
        }
    }

    void onEvent(QuicPathEvent event) {
        InetSocketAddress shown = addressOf(event);
        InetSocketAddress actual = detours.behind(shown);
        if (event instanceof QuicPathEvent.New) {
            figures.count(Figure.PATHS);
            seen.add(shown);
            meet();
            strangers.onArrived(actual, () -> isProven(shown));
            if (--left == 0) {
                onLast.run();
            }
        } else if (event instanceof QuicPathEvent.FailedValidation) {
            figures.count(Figure.PATHS_FAILED);
            onFailed(actual);
        } else if (event instanceof QuicPathEvent.Validated) {
            figures.count(Figure.PATHS_VALIDATED);
            prove(actual);
            if (actual.equals(at)) {
                adopt(actual);
            }
        } else if (event instanceof QuicPathEvent.PeerMigrated && meet() == null) {
            onMoved(actual);
        }
    }

    /** What this packet belongs to has a detour from now on; null where there can be none. */
    private @Nullable Detour meet() {
        InetSocketAddress from = at;
        if (!closed && from != null) {
            detour = detours.meet(detour, from, this);
        }
        return detour;
    }

    private void onFailed(InetSocketAddress actual) {
        Detour taken = detour;
        if (taken != null && actual.equals(at) && !proven.contains(actual)) {
            taken.onUnproven();
        }
    }

    /** Asks quiche: that an address is proven shows by an event only when the path is known to be wide enough too. */
    private boolean isProven(InetSocketAddress address) {
        return isAny(path -> path.validationState() >= ADDRESS_PROVEN && isOf(path, address));
    }

    private boolean isAny(Predicate<QuicConnectionPathStats> wanted) {
        Future<QuicConnectionStats> stats = channel.collectStats(); // on the event loop it is known at once
        long paths =
                stats.isSuccess() && stats.getNow() != null ? stats.getNow().pathsCount() : 0;
        for (int i = 0; i < paths; i++) {
            Future<QuicConnectionPathStats> path = channel.collectPathStats(i);
            if (path.isSuccess() && wanted.test(path.getNow())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(QuicConnectionPathStats path, InetSocketAddress address) {
        InetSocketAddress peer = path.peerAddress();
        return peer.getAddress().equals(address.getAddress())
                && (peer.getPort() == address.getPort() || PathPorts.turned(peer.getPort()) == address.getPort());
    }

    /** The client has moved to an address, and has proven it. */
    private void adopt(InetSocketAddress target) {
        if (!target.equals(info.remoteAddress())) {
            figures.count(Figure.MIGRATIONS);
            info.remoteAddress(target);
        }
        Detour taken = detour;
        if (taken != null) {
            taken.onProven();
            if (!target.getAddress().equals(taken.home().getAddress())) {
                channel.eventLoop().schedule(() -> taken.settle(target), ABROAD_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /** The connection has ended. */
    void close() {
        closed = true;
        proven.forEach(strangers::onGone);
        proven.clear();
        Detour taken = detour;
        if (taken != null) {
            taken.close();
        }
    }

    // ---- Detour.Owner

    @Override
    public long packets() {
        Future<QuicConnectionStats> stats = channel.collectStats(); // on the event loop it is known at once
        return stats.isSuccess() && stats.getNow() != null ? stats.getNow().recv() : 0;
    }

    @Override
    public boolean isOn(InetSocketAddress shown) {
        return isAny(path -> path.active() && isOf(path, shown));
    }

    @Override
    public boolean hasFailed(InetSocketAddress shown) {
        return seen.contains(shown) && isAny(path -> path.validationState() < 0 && isOf(path, shown));
    }

    @Override
    public boolean isPending(InetSocketAddress shown) {
        return isAny(
                path -> path.validationState() >= 0 && path.validationState() < ADDRESS_PROVEN && isOf(path, shown));
    }

    @Override
    public void onMoved(InetSocketAddress to) {
        at = to;
        if (proven.contains(to)) {
            adopt(to);
        }
    }

    @Override
    public void onReturn() {
        Detour taken = detour;
        if (taken != null) {
            at = taken.home();
            info.remoteAddress(taken.home());
        }
    }

    private InetSocketAddress addressOf(QuicPathEvent event) {
        int senderPort = channel.remoteSocketAddress() instanceof InetSocketAddress sender ? sender.getPort() : 0;
        return PathPorts.peerOf(event, senderPort);
    }
}
