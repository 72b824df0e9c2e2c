package io.lb4j.internal.codec.http2;

/**
 * Flow control of what is received on the connection as a whole (RFC 9113 §5.2). The connection's window is refilled as octets
 * arrive and the streams' windows as their listeners take them: so a stream that is paused holds up nobody else, and what a
 * connection can pile up is bounded by the windows of its streams. Confined to the event loop of its connection.
 */
final class ReceiveFlow {
    private final Http2Connection connection;
    private final Http2Limits.Windows windows;
    private int window = FrameType.DEFAULT_WINDOW;
    private int uncredited;
    private int initialWindow = FrameType.DEFAULT_WINDOW; // of streams; ours holds when the peer has acknowledged it

    ReceiveFlow(Http2Connection connection, Http2Limits.Windows windows) {
        this.connection = connection;
        this.windows = windows;
    }

    /** Enlarges the connection's window to what the limits say. */
    void start() {
        int increment = windows.connectionOctets() - window;
        if (increment > 0) {
            window += increment;
            connection.sendWindowUpdate(0, increment);
        }
    }

    /** Returns the window that a new stream begins with. */
    int initialWindow() {
        return initialWindow;
    }

    /** The peer has acknowledged our SETTINGS: the window of each stream changes by the difference (RFC 9113 §6.9.2). */
    void onAcknowledged() {
        int delta = windows.streamOctets() - initialWindow;
        initialWindow = windows.streamOctets();
        if (delta != 0) {
            for (Http2Stream stream : connection.streams().snapshot()) {
                stream.shiftReceiveWindow(delta);
            }
        }
    }

    /**
     * Counts a DATA frame.
     *
     * @throws Http2Error if the window is exceeded
     */
    void receive(int octets) throws Http2Error {
        if (octets > window) {
            throw Http2Error.connection(
                    ErrorCode.FLOW_CONTROL_ERROR,
                    "DATA on the connection: " + octets + " (expected: <= " + window + ")");
        }
        window -= octets;
        uncredited += octets;
        if (uncredited >= windows.connectionOctets() / 2) {
            window += uncredited;
            connection.sendWindowUpdate(0, uncredited);
            uncredited = 0;
        }
    }
}
