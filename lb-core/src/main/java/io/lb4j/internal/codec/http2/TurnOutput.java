package io.lb4j.internal.codec.http2;

import io.lb4j.internal.loop.TurnFlusher.Flushable;

/**
 * The moment at which a connection sends what was written: the end of the loop's turn. Where the peer takes too little of what no window
 * limits, nothing more is read of it until it does. Confined to the event loop of its connection.
 */
final class TurnOutput implements Flushable {
    private static final int MAX_BLOCKED_OCTETS = 256 * 1024;

    private final Http2Connection connection;
    private boolean isRequested;
    private boolean isReadingHeld;

    TurnOutput(Http2Connection connection) {
        this.connection = connection;
    }

    /** Asks for a flush when the loop's present turn is over. */
    void request() {
        if (!isRequested) {
            isRequested = true;
            connection.loop().flusher().flushAfterTurn(this);
        }
    }

    /** The channel takes more. */
    void onWritable() {
        if (isReadingHeld) {
            isReadingHeld = false;
            connection.context().channel().config().setAutoRead(true);
        }
        request();
    }

    @Override
    public void flushNow() {
        isRequested = false;
        if (connection.isGone()) {
            return;
        }
        try {
            sendAll();
        } catch (RuntimeException fault) { // of a listener; the flusher's other customers must not suffer from it
            connection.exceptionCaught(connection.context(), fault);
        }
    }

    private void sendAll() {
        FrameWriter writer = connection.writer();
        try {
            connection.beforeFlush();
            connection.sendFlow().pump();
            connection.abuse().requireBounded(writer.queuedControlFrames());
        } catch (Http2Error fault) {
            connection.onFault(fault);
        }
        writer.flush();
        if (writer.blockedOctets() > MAX_BLOCKED_OCTETS && !writer.isChannelWritable()) {
            // Answers pile up that no window limits: the peer is to read some before it asks for more.
            isReadingHeld = true;
            connection.context().channel().config().setAutoRead(false);
        }
    }
}
