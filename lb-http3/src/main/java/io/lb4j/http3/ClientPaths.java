package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicPathEvent;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that a connection comes from. The client's address changes only when it has both moved to another one and proven it: the
 * codec's own address is that of the sender of any datagram, before anything about it is known to be genuine. Confined to the event loop.
 *
 * <p>Each address uses up a connection id of the client's, and quiche takes no more of them in a connection's life than it keeps at once
 * (cloudflare/quiche#2743): at the last, the connection drains, for at the next it would go dark.
 */
final class ClientPaths {
    private final QuicChannel channel;
    private final ClientInfo info;
    private final Figures figures;
    private final Runnable onLast;
    private int left; // addresses that the connection can yet move to
    private @Nullable InetSocketAddress validated;
    private @Nullable InetSocketAddress migrated;

    /**
     * Creates what follows a connection.
     *
     * @param onLast is called when the connection cannot move again
     */
    ClientPaths(QuicChannel channel, ClientInfo info, Http3Plan plan, Runnable onLast) {
        this.channel = channel;
        this.info = info;
        this.onLast = onLast;
        figures = plan.figures();
        left = plan.settings().value(Http3Options.ACTIVE_CONNECTION_IDS) - 1;
    }

    void onEvent(QuicPathEvent event) {
        if (event instanceof QuicPathEvent.New) {
            figures.count(Figure.PATHS);
            if (--left == 0) {
                onLast.run();
            }
        } else if (event instanceof QuicPathEvent.FailedValidation) {
            figures.count(Figure.PATHS_FAILED);
        } else if (event instanceof QuicPathEvent.Validated) {
            figures.count(Figure.PATHS_VALIDATED);
            validated = addressOf(event);
            adopt();
        } else if (event instanceof QuicPathEvent.PeerMigrated) {
            migrated = addressOf(event);
            adopt();
        }
    }

    private void adopt() {
        InetSocketAddress target = migrated;
        if (target != null && target.equals(validated)) {
            figures.count(Figure.MIGRATIONS);
            info.remoteAddress(target);
            migrated = null;
        }
    }

    private InetSocketAddress addressOf(QuicPathEvent event) {
        int senderPort = channel.remoteSocketAddress() instanceof InetSocketAddress sender ? sender.getPort() : 0;
        return PathPorts.peerOf(event, senderPort);
    }
}
