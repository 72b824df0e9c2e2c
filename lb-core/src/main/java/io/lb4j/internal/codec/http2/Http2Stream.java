package io.lb4j.internal.codec.http2;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.ResetCode;
import io.lb4j.spi.StreamListener;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A stream (RFC 9113 §5): the windows of both directions, what waits to be sent, and which half has ended. A stream is made for one
 * exchange and never used again, so that whoever still holds it after its end cannot touch another one.
 *
 * <p>Confined to the event loop of its connection.
 */
abstract sealed class Http2Stream permits Http2ServerStream, Http2ClientStream {
    private final Http2Connection connection;
    private int id; // of a client's stream: 0 until its head is written
    private boolean closed; // both halves have ended, or it was reset, or it has failed

    // The sending half.
    private int sendWindow;
    private @Nullable SendQueue queue; // made when something has to wait
    private boolean finished; // the last part was handed in, if perhaps not yet sent
    private boolean sendEnded; // END_STREAM was sent
    private boolean full; // more is queued than the high mark, and has not fallen to the low one since
    private long stalledSinceNanos;
    private int urgency = 3; // RFC 9218 §4.1
    private boolean ready;
    private @Nullable Http2Stream nextReady;

    // The receiving half.
    private int receiveWindow;
    private int uncredited;
    private boolean paused;
    private boolean receiveEnded;
    private boolean discarding; // what comes is not wanted
    private long contentLeft = -1; // octets that content-length still promises, or -1 where it says nothing
    private long waitingSinceNanos;

    Http2Stream(Http2Connection connection) {
        this.connection = connection;
    }

    /** Returns who hears what arrives. */
    abstract StreamListener listener();

    /** Enters the stream in its connection under an id. */
    final void open(int newId) {
        id = newId;
        sendWindow = connection.peer().initialWindow();
        receiveWindow = connection.receiveFlow().initialWindow();
        connection.streams().add(this);
    }

    final int id() {
        return id;
    }

    final boolean isClosed() {
        return closed;
    }

    // ---- Sending

    final int sendWindow() {
        return sendWindow;
    }

    final void consumeSendWindow(int octets) {
        sendWindow -= octets;
    }

    /**
     * Changes the window by what the peer grants, or by a change of its SETTINGS, which may make it negative (RFC 9113 §6.9.2).
     *
     * @return whether the window is still less than 2^31
     */
    final boolean enlargeSendWindow(int increment) {
        long enlarged = (long) sendWindow + increment;
        if (enlarged > FrameType.MAX_31_BITS) {
            return false;
        }
        sendWindow = (int) enlarged;
        connection.sendFlow().offer(this);
        if (ready) {
            connection.requestFlush();
        }
        return true;
    }

    /** Returns the queue of a stream that has octets waiting. */
    final SendQueue queue() {
        SendQueue known = queue;
        if (known == null) {
            known = new SendQueue();
            queue = known;
        }
        return known;
    }

    final int queuedOctets() {
        SendQueue known = queue;
        return known == null ? 0 : known.octets();
    }

    final void enqueue(ByteBuf data, boolean end) {
        SendQueue target = queue();
        if (target.octets() == 0) {
            stalledSinceNanos = System.nanoTime();
            connection.watch().onSendQueued();
        }
        target.add(data, connection.writer().turn());
        if (end) {
            target.end();
        }
        full |= target.octets() >= connection.limits().streams().queueHighOctets();
    }

    final void enqueue(Fields trailers) {
        queue().end(trailers);
    }

    final boolean isReady() {
        return ready;
    }

    final void ready(boolean nowReady) {
        ready = nowReady;
    }

    final @Nullable Http2Stream nextReady() {
        return nextReady;
    }

    final void nextReady(@Nullable Http2Stream next) {
        nextReady = next;
    }

    final int urgency() {
        return urgency;
    }

    final void urgency(int newUrgency) {
        urgency = newUrgency;
    }

    /** A part of the queue was sent. */
    final void onSent() {
        stalledSinceNanos = System.nanoTime();
        if (full && queuedOctets() <= connection.limits().streams().queueLowOctets()) {
            full = false;
            listener().onWritable();
        }
    }

    /** END_STREAM was sent. */
    final void onSendEnded() {
        sendEnded = true;
        connection.onHalfEnded(this);
    }

    final boolean isSendEnded() {
        return sendEnded;
    }

    /** Returns since when the peer has taken nothing of what waits; meaningful while something does. */
    final long stalledSinceNanos() {
        return stalledSinceNanos;
    }

    /** Marks the message as handed in to its end. */
    final void finish() {
        finished = true;
    }

    /** Returns whether a message can still be written to. */
    final boolean takesMore() {
        return !closed && !finished;
    }

    // ---- What ServerStream and ClientStream have in common

    public final void writeData(ByteBuf data, boolean end) {
        if (!takesMore() || !isHeadWritten()) {
            data.release();
            return;
        }
        finished = end;
        connection.sendFlow().data(this, data, end);
    }

    public final void writeTrailers(Fields trailers) {
        if (!takesMore() || !isHeadWritten() || id == 0) {
            return;
        }
        finished = true;
        connection.sendFlow().trailers(this, trailers);
    }

    public final boolean isWritable() {
        return !closed && !full;
    }

    public final void reset(ResetCode code) {
        connection.streams().reset(this, code.http2Code());
    }

    public final void pauseReading() {
        paused = true;
    }

    public final void resumeReading() {
        if (paused) {
            paused = false;
            awaitInput();
            if (awaitsBody()) {
                connection.watch().onBodyAwaited();
            }
            credit();
        }
    }

    abstract boolean isHeadWritten();

    /** Returns whether the next octets of a body are due. */
    abstract boolean awaitsBody();

    // ---- Receiving

    final boolean isReceiveEnded() {
        return receiveEnded;
    }

    final void receiveEnded() {
        receiveEnded = true;
    }

    final boolean isPaused() {
        return paused;
    }

    /** What comes from now on is thrown away. */
    final void discard() {
        discarding = true;
    }

    final boolean isDiscarding() {
        return discarding;
    }

    /** Sets how many octets the message's content-length promises, or -1. */
    final void contentLeft(long octets) {
        contentLeft = octets;
    }

    /** Returns whether as much data has come as content-length has promised, if it has. */
    final boolean isContentWhole() {
        return contentLeft <= 0;
    }

    /** Starts the clock for what is to come. */
    final void awaitInput() {
        waitingSinceNanos = System.nanoTime();
    }

    final long waitingSinceNanos() {
        return waitingSinceNanos;
    }

    /** Changes the window with our own SETTINGS, once they hold. */
    final void shiftReceiveWindow(int delta) {
        receiveWindow += delta;
    }

    /**
     * A DATA frame begins.
     *
     * @return whether its data is wanted
     * @throws Http2Error if the stream had ended, the window is exceeded, or the data is not what content-length says
     */
    final boolean acceptData(int flowOctets, int dataOctets, boolean end) throws Http2Error {
        if (receiveEnded) {
            throw Http2Error.stream(id, ErrorCode.STREAM_CLOSED, "DATA after END_STREAM");
        }
        if (flowOctets > receiveWindow) {
            throw Http2Error.stream(
                    id, ErrorCode.FLOW_CONTROL_ERROR, "DATA: " + flowOctets + " (expected: <= " + receiveWindow + ")");
        }
        receiveWindow -= flowOctets;
        uncredited += flowOctets;
        if (contentLeft >= 0) {
            contentLeft -= dataOctets;
            if (contentLeft < 0 || (end && contentLeft > 0)) {
                // RFC 9113 §8.1.1: and the message must not pass for whole
                throw Http2Error.stream(
                        id,
                        ErrorCode.PROTOCOL_ERROR,
                        "content-length: " + Math.abs(contentLeft) + " octets too "
                                + (contentLeft < 0 ? "many" : "few"));
            }
        }
        requireDataAllowed(dataOctets);
        waitingSinceNanos = System.nanoTime();
        if (discarding) {
            receiveEnded = end;
            if (end) {
                connection.onHalfEnded(this);
            }
            return false;
        }
        return true;
    }

    /** Judges data by what the message's head says of it. */
    abstract void requireDataAllowed(int octets) throws Http2Error;

    /** Takes a piece of data over. */
    final void receiveData(ByteBuf data, boolean end) {
        if (closed || discarding) {
            data.release();
            if (end && !closed) {
                receiveEnded = true;
                connection.onHalfEnded(this);
            }
            return;
        }
        receiveEnded = end;
        listener().onData(data, end);
        if (end) {
            connection.onHalfEnded(this);
        } else {
            credit();
        }
    }

    /** Gives the peer its window back, once half of it is due. */
    private void credit() {
        int half = connection.limits().windows().streamOctets() / 2;
        if (paused || receiveEnded || closed || uncredited == 0 || uncredited < half) {
            return;
        }
        receiveWindow += uncredited;
        connection.sendWindowUpdate(id, uncredited);
        uncredited = 0;
    }

    // ---- The end

    /** Ends the stream without a word to its listener, and lets go of what waits. */
    final void close() {
        closed = true;
        SendQueue waiting = queue;
        if (waiting != null) {
            waiting.release();
        }
    }

    /** Ends the stream and tells its listener why, unless it had ended. */
    final void fail(ProxyException failure) {
        if (!closed) {
            close();
            onFailed(failure);
        }
    }

    /** Tells the listener. */
    abstract void onFailed(ProxyException failure);
}
