package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicChannel;
import java.net.SocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/** A connection's handshake: how long it may take, what comes before its end, and what is counted of it. Confined to the event loop. */
final class Handshake {
    private final Http3ServerConnection connection;
    private final Http3Loop loop;
    private final Http3Plan plan;
    private final SocketAddress client; // as it was at first
    private boolean underWay = true;
    private boolean earlyOffered;
    private boolean earlyTaken;

    Handshake(Http3ServerConnection connection, Http3Loop loop, SocketAddress client) {
        this.connection = connection;
        this.loop = loop;
        plan = loop.plan();
        this.client = client;
    }

    boolean isUnderWay() {
        return underWay;
    }

    /** The first packet has come. */
    void begin() {
        plan.figures().count(Figure.HANDSHAKES_OPEN);
        loop.onHandshake(client, connection);
        connection.watch().onHandshake(plan.handshakeNanos());
    }

    /** Packets of 0-RTT have come from the client's address. */
    void onEarlyPackets() {
        earlyOffered = true;
    }

    /** A stream was opened by early data that was taken. */
    void onEarlyStream() {
        if (!earlyTaken) {
            earlyTaken = true;
            plan.figures().count(Figure.CONNECTIONS_EARLY);
        }
    }

    /** The handshake has ended well. */
    void complete(QuicChannel channel, ClientInfo info) {
        stop();
        SSLEngine engine = channel.sslEngine();
        Optional<Boolean> reuse = SessionReuse.of(engine);
        boolean resumed = reuse.orElse(earlyTaken);
        info.onHandshakeComplete(engine, resumed);
        if (resumed) {
            plan.figures().count(Figure.CONNECTIONS_RESUMED);
        }
        // Where heads may wait for QPACK, early data is looked at only now.
        if (earlyOffered && !earlyTaken && !(connection.mayBlockHeads() && reuse.orElse(true))) {
            plan.figures().count(Figure.CONNECTIONS_EARLY_REFUSED);
        }
    }

    /** The connection has ended, perhaps before its handshake. */
    void onConnectionEnded() {
        if (underWay) {
            plan.figures().count(Figure.HANDSHAKES_FAILED);
        }
        stop();
    }

    private void stop() {
        if (underWay) {
            underWay = false;
            loop.onHandshakeEnded(client, connection);
            plan.figures().add(Figure.HANDSHAKES_OPEN, -1);
            connection.watch().onHandshakeEnded();
        }
    }
}
