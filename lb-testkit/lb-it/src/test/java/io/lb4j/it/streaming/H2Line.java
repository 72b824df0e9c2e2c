package io.lb4j.it.streaming;

import io.lb4j.testkit.http2.Frame;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;

/** An exchange over HTTP/2, from either end. */
final class H2Line extends Line {
    private static final int CREDIT = 32 * 1024;

    private final H2Peer peer;
    private final int id;
    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>(); // guarded by this
    private int sendWindow; // guarded by the peer
    private int position; // guarded by this; of what is read of the first piece
    private int uncredited; // guarded by this
    private boolean ended; // guarded by this
    private boolean gone; // guarded by this

    H2Line(H2Peer peer, int id, int sendWindow) {
        this.peer = peer;
        this.id = id;
        this.sendWindow = sendWindow;
    }

    int id() {
        return id;
    }

    int sendWindow() {
        return sendWindow;
    }

    void enlargeSendWindow(int increment) {
        sendWindow += increment;
    }

    synchronized boolean isGone() {
        return gone;
    }

    @Override
    void write(byte[] octets, int offset, int count) throws IOException {
        peer.sendData(this, octets, offset, count);
    }

    @Override
    void end() throws IOException {
        peer.send(Frame.data(id, new byte[0], true));
    }

    @Override
    int read(byte[] target) throws IOException {
        int count;
        int credit = 0;
        synchronized (this) {
            Lines.await(this, () -> !pieces.isEmpty() || ended || gone);
            byte[] piece = pieces.peek();
            if (piece == null) {
                if (!ended) {
                    throw new EOFException("stream " + id + ": cut within the body");
                }
                return -1;
            }
            count = Math.min(target.length, piece.length - position);
            System.arraycopy(piece, position, target, 0, count);
            position += count;
            if (position == piece.length) {
                pieces.remove();
                position = 0;
            }
            uncredited += count;
            if (uncredited >= CREDIT && !ended) {
                credit = uncredited;
                uncredited = 0;
            }
        }
        if (credit > 0) {
            peer.send(Frame.windowUpdate(0, credit));
            peer.send(Frame.windowUpdate(id, credit));
        }
        return count;
    }

    synchronized void received(byte[] piece, boolean end) {
        if (piece.length > 0) {
            pieces.add(piece);
        }
        ended |= end;
        notifyAll();
    }

    synchronized void cut() {
        gone = true;
        notifyAll();
    }
}
