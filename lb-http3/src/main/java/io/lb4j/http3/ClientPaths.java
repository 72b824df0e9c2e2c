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
 * <p>quiche itself stays on the path that it was on ({@link Detour}). Where more than the port is new, that lasts only until what was
 * under way is known to be lost, for what is known of one network says nothing of another (RFC 9000 §9.4).
 *
 * <p>Each address uses up a connection id of the client's, and quiche takes no more of them in a connection's life than it keeps at once
 * (cloudflare/quiche#2743): at the last, the connection drains, for at the next it would go dark.
 */
final class ClientPaths implements MovingClient {
    private static final long ABROAD_SECONDS = 10;

    private final QuicChannel channel;
    private final Strangers strangers;
    private final @Nullable Detour detour; // null where packets do not come by addresses of the internet
    private final Set<InetSocketAddress> proven = new HashSet<>();
    private final ClientInfo info;
    private final Figures figures;
    private final Runnable onLast;
    private boolean closed;
    private int left; // addresses that the connection can yet move to
    private boolean followed;

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
        figures = loop.plan().figures();
        int ids = loop.plan().settings().value(Http3Options.ACTIVE_CONNECTION_IDS);
        left = ids - 1;
        detour = info.remoteAddress() instanceof InetSocketAddress home
                        && info.localAddress() instanceof InetSocketAddress own
                        && channel.localAddress() != null
                ? new Detour(loop.detours(), channel.localAddress(), home, own.getPort(), ids, this)
                : null;
    }

    /** The handshake is over. */
    void onConnected() {
        if (detour != null && !closed) {
            prove(detour.home());
            followed = detour.follow();
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
            onPath(arrivalOf(event));
            if (--left == 0 || !followed) {
                onLast.run();
            }
        } else if (event instanceof QuicPathEvent.FailedValidation) {
            figures.count(Figure.PATHS_FAILED);
            if (detour != null) {
                detour.onJudged();
            }
        } else if (event instanceof QuicPathEvent.Validated) {
            figures.count(Figure.PATHS_VALIDATED);
            onProven(PathPorts.peerOf(event));
        } else if (event instanceof QuicPathEvent.PeerMigrated && detour != null) {
            detour.onMigrated(PathPorts.peerOf(event));
        }
    }

    private void onPath(InetSocketAddress address) {
        if (followed && detour != null) {
            detour.onPath(address);
            // Of a proof nobody is told until the path is known to be wide enough too.
            strangers.onArrived(address, () -> detour.isAddressProven(address));
        }
    }

    /** Where packets are not told from those of others, a challenge may have gone to somebody else: such a proof is none. */
    private void onProven(InetSocketAddress address) {
        if (followed && detour != null) {
            prove(address);
            detour.onJudged();
            if (detour.at().equals(address)) {
                adopt(address, detour);
            }
        }
    }

    /** The client is at an address that it has proven. */
    private void adopt(InetSocketAddress address, Detour taken) {
        if (address.equals(info.remoteAddress())) {
            return;
        }
        figures.count(Figure.MIGRATIONS);
        info.remoteAddress(address);
        if (!address.getAddress().equals(taken.home().getAddress())) {
            channel.eventLoop().schedule(() -> taken.settle(address), ABROAD_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The connection has ended. */
    void close() {
        closed = true;
        proven.forEach(strangers::onGone);
        proven.clear();
        if (detour != null) {
            detour.close();
        }
    }

    // ---- MovingClient

    @Override
    public long packets() {
        QuicConnectionStats stats = stats();
        return stats == null ? 0 : stats.recv();
    }

    @Override
    public long sent() {
        QuicConnectionStats stats = stats();
        return stats == null ? 0 : stats.sent();
    }

    private @Nullable QuicConnectionStats stats() {
        Future<QuicConnectionStats> stats = channel.collectStats(); // on the event loop it is known at once
        return stats.isSuccess() ? stats.getNow() : null;
    }

    @Override
    public @Nullable QuicConnectionPathStats path(int number) {
        Future<QuicConnectionPathStats> path = channel.collectPathStats(number);
        return path.isSuccess() ? path.getNow() : null;
    }

    @Override
    public boolean isProven(InetSocketAddress address) {
        return proven.contains(address);
    }

    @Override
    public boolean hasPathsLeft() {
        return left > 0;
    }

    @Override
    public void onArrived(InetSocketAddress at) {
        if (detour != null && proven.contains(at)) {
            adopt(at, detour);
        }
    }

    private InetSocketAddress arrivalOf(QuicPathEvent event) {
        int senderPort = channel.remoteSocketAddress() instanceof InetSocketAddress sender ? sender.getPort() : 0;
        return PathPorts.arrivalOf(event, senderPort);
    }
}
