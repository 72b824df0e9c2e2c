package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicPathEvent;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that a connection comes from. The client's address changes only when it has both moved to another one and proven it: the
 * codec's own address is that of the sender of any datagram, before anything about it is known to be genuine. Confined to the event loop.
 */
final class ClientPaths {
    private final QuicChannel channel;
    private final ClientInfo info;
    private final Figures figures;
    private @Nullable InetSocketAddress validated;
    private @Nullable InetSocketAddress migrated;

    ClientPaths(QuicChannel channel, ClientInfo info, Figures figures) {
        this.channel = channel;
        this.info = info;
        this.figures = figures;
    }

    void onEvent(QuicPathEvent event) {
        if (event instanceof QuicPathEvent.New) {
            figures.count(Figure.PATHS);
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
