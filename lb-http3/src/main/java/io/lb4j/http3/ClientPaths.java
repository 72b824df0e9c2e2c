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
import org.jspecify.annotations.Nullable;

/**
 * The addresses that a connection comes from. The client's address changes only when it has both moved to another one and proven it: the
 * codec's own address is that of the sender of any datagram, before anything about it is known to be genuine. Confined to the event loop.
 *
 * <p>quiche itself is brought back to the path that it was on, once the new address is proven ({@link Detours}). Where more than the port is new, that lasts only until what was
 * under way is known to be lost, for what is known of one network says nothing of another (RFC 9000 §9.4).
 *
 * <p>Each address uses up a connection id of the client's, and quiche takes no more of them in a connection's life than it keeps at once
 * (cloudflare/quiche#2743): at the last, the connection drains, for at the next it would go dark.
 */
final class ClientPaths implements Detours.Owner {
    private static final long ABROAD_SECONDS = 10;
    private static final long ADDRESS_PROVEN = 2; // of quiche's states of a path; with the next its width is known too

    private final QuicChannel channel;
    private final Strangers strangers;
    private final Detours detours;
    private final Set<InetSocketAddress> proven = new HashSet<>();
    private final ClientInfo info;
    private final Figures figures;
    private final Runnable onLast;
    private boolean closed;
    private int left; // addresses that the connection can yet move to
    private @Nullable InetSocketAddress validated;
    private @Nullable InetSocketAddress migrated;
    private @Nullable InetSocketAddress home; // of the path that quiche is on
    private Detours.@Nullable Detour detour;

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
        home = info.remoteAddress() instanceof InetSocketAddress first ? first : null;
        left = loop.plan().settings().value(Http3Options.ACTIVE_CONNECTION_IDS) - 1;
    }

    /** The handshake is over. */
    void onConnected() {
        InetSocketAddress first = home;
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
        if (event instanceof QuicPathEvent.New) {
            figures.count(Figure.PATHS);
            InetSocketAddress address = addressOf(event);
            strangers.onArrived(address, () -> isProven(address));
            if (--left == 0) {
                onLast.run();
            }
        } else if (event instanceof QuicPathEvent.FailedValidation) {
            figures.count(Figure.PATHS_FAILED);
        } else if (event instanceof QuicPathEvent.Validated) {
            figures.count(Figure.PATHS_VALIDATED);
            InetSocketAddress address = addressOf(event);
            validated = address;
            prove(address);
            adopt();
        } else if (event instanceof QuicPathEvent.PeerMigrated) {
            migrated = addressOf(event);
            adopt();
        }
    }

    /** Asks quiche: that an address is proven shows by an event only when the path is known to be wide enough too. */
    private boolean isProven(InetSocketAddress address) {
        Future<QuicConnectionStats> stats = channel.collectStats(); // on the event loop it is known at once
        long paths =
                stats.isSuccess() && stats.getNow() != null ? stats.getNow().pathsCount() : 0;
        for (int i = 0; i < paths; i++) {
            Future<QuicConnectionPathStats> path = channel.collectPathStats(i);
            if (path.isSuccess() && path.getNow().validationState() >= ADDRESS_PROVEN && isOf(path.getNow(), address)) {
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

    private void adopt() {
        InetSocketAddress target = migrated;
        if (target != null && target.equals(validated)) {
            migrated = null;
            if (!target.equals(info.remoteAddress())) {
                figures.count(Figure.MIGRATIONS);
                info.remoteAddress(target);
            }
            goRound(target);
        }
    }

    private void goRound(InetSocketAddress target) {
        InetSocketAddress from = home;
        Detours.Detour former = detour;
        boolean wasCut = former != null && !former.isOpen(); // somebody else is there: quiche stays where it is now
        endDetour();
        Detours.Detour begun = from == null || wasCut ? null : detours.open(from, target, this);
        detour = begun;
        if (from == null || begun == null) {
            home = target;
        } else if (!target.getAddress().equals(from.getAddress())) {
            channel.eventLoop().schedule(begun::close, ABROAD_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The connection has ended. */
    void close() {
        closed = true;
        proven.forEach(strangers::onGone);
        proven.clear();
        endDetour();
    }

    private void endDetour() {
        Detours.Detour last = detour;
        if (last != null) {
            last.close();
        }
    }

    // ---- Detours.Owner

    @Override
    public long packets() {
        Future<QuicConnectionStats> stats = channel.collectStats(); // on the event loop it is known at once
        return stats.isSuccess() && stats.getNow() != null ? stats.getNow().recv() : 0;
    }

    @Override
    public void onReturn() {
        InetSocketAddress back = home;
        if (back != null) {
            info.remoteAddress(back);
        }
    }

    private InetSocketAddress addressOf(QuicPathEvent event) {
        int senderPort = channel.remoteSocketAddress() instanceof InetSocketAddress sender ? sender.getPort() : 0;
        return PathPorts.peerOf(event, senderPort);
    }
}
