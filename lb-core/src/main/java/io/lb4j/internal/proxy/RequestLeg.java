package io.lb4j.internal.proxy;

import io.lb4j.http.Fields;
import io.lb4j.internal.snapshot.FilterRun;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ServerStream;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The request's way from the client to the endpoint, once its head is through. Confined to the exchange's event loop. */
final class RequestLeg {
    private final ServerStream client;
    private final Tries tries;
    private final ReadGate gate = new ReadGate();
    private @Nullable RequestBody body; // once it is known where it goes, if there is any
    private boolean received;
    private boolean passed; // wholly, through the filters if there are any
    private boolean closed;
    private long bytes;
    private long receivedNanos;

    RequestLeg(ServerStream client, Tries tries, boolean end, long nowNanos) {
        this.client = client;
        this.tries = tries;
        this.received = end;
        this.receivedNanos = nowNanos;
    }

    /**
     * Makes ready to send a body on, if there is one.
     *
     * @param end whether the request is its head alone; what has been received may still be on its way through the filters
     */
    void open(int keptBytes, boolean end) {
        passed = end;
        if (!end) {
            body = new RequestBody(keptBytes);
        }
    }

    /** A piece has come from the client. */
    void receive(ByteBuf data, boolean end, @Nullable FilterRun filters, long nowNanos) {
        bytes += data.readableBytes();
        noteEnd(end, nowNanos);
        if (filters == null) {
            send(data, end);
        } else {
            filters.requestData(data, end);
        }
    }

    /** The trailers have come from the client. */
    void receive(Fields trailers, @Nullable FilterRun filters, long nowNanos) {
        noteEnd(true, nowNanos);
        if (filters == null) {
            send(trailers);
        } else {
            filters.requestTrailers(trailers);
        }
    }

    private void noteEnd(boolean end, long nowNanos) {
        if (end) {
            received = true;
            receivedNanos = nowNanos;
        }
    }

    /** Sends a piece on: the filters, if any, have let it through. */
    void send(ByteBuf data, boolean end) {
        RequestBody current = body;
        if (closed || current == null) {
            data.release();
            return;
        }
        passed |= end;
        current.add(data, end);
        sendOn(current);
    }

    /** Sends the trailers on. */
    void send(Fields trailers) {
        RequestBody current = body;
        if (!closed && current != null) {
            Forwarding.prepare(trailers);
            passed = true;
            current.end(trailers);
            sendOn(current);
        }
    }

    private void sendOn(RequestBody current) {
        ClientStream upstream = tries.stream();
        if (upstream == null) {
            // It waits until there is somewhere to send it; what more may come waits with the client.
            if (!received) {
                holdForEndpoint(true);
            }
            return;
        }
        current.writeTo(upstream);
        if (!received && !upstream.isWritable()) {
            holdForEndpoint(true);
        }
    }

    /** Returns whether the request is nothing but its head. */
    boolean isHeadOnly() {
        return body == null;
    }

    /** A try has a way to its endpoint, and has written the head: what has come of the body follows. */
    void sendTo(ClientStream upstream) {
        RequestBody current = body;
        if (current != null) {
            current.writeTo(upstream);
            if (upstream.isWritable()) {
                holdForEndpoint(false);
            }
        }
    }

    /** Returns whether the request can be sent once more from its beginning. */
    boolean rewind() {
        return body == null || body.rewind();
    }

    /** Lets go of what was kept for another try: the response has begun. */
    void stopKeeping() {
        if (body != null) {
            body.stopKeeping();
        }
    }

    /** Stops or goes on reading from the client because the endpoint is full, or takes more. */
    void holdForEndpoint(boolean hold) {
        if (gate.holdForReceiver(hold)) {
            apply();
        }
    }

    /** Stops or goes on reading from the client because a filter says so. */
    void holdForFilter(boolean hold) {
        if (gate.holdForFilter(hold)) {
            apply();
        }
    }

    private void apply() {
        if (gate.isOpen()) {
            client.resumeReading();
        } else {
            client.pauseReading();
        }
    }

    /** Lets go of everything; the protocol deals with what the client still sends. */
    void close() {
        closed = true;
        if (body != null) {
            body.release();
        }
        holdForFilter(false);
        holdForEndpoint(false);
    }

    /** Returns whether the whole request has come from the client. */
    boolean isReceived() {
        return received;
    }

    /** Returns whether nothing of the request is left to be sent on. */
    boolean isPassed() {
        return passed;
    }

    /** Returns when the request's last octet came. */
    long receivedNanos() {
        return receivedNanos;
    }

    /** Returns the octets of the body so far. */
    long bytes() {
        return bytes;
    }
}
