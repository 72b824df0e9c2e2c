package io.lb4j.internal.proxy;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.snapshot.FilterRun;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ServerStream;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The response's way back to the client, from the endpoint or from here. Confined to the exchange's event loop. */
final class ResponseLeg {
    private static final int PIECE = 64 * 1024;

    private final ExchangeFacts exchange;
    private final ServerStream client;
    private final ReadGate gate = new ReadGate();
    private @Nullable ResponseHead head;
    private @Nullable ByteBuf rest; // of a body that is here as a whole
    private @Nullable FilterRun restFilters;
    private boolean handingOn;
    private boolean begun;
    private boolean sent;
    private boolean ended;
    private boolean closed;
    private int status;
    private long bytes;

    ResponseLeg(ExchangeFacts exchange, ServerStream client) {
        this.exchange = exchange;
        this.client = client;
    }

    /** The head has come. */
    void receive(ResponseHead received, boolean end, @Nullable FilterRun filters) {
        dropRest();
        head = received;
        status = received.status();
        begun = true;
        if (filters == null) {
            send(received, end);
        } else {
            filters.responseHead(received, end);
        }
    }

    /** A piece of the body has come. */
    void receive(ByteBuf data, boolean end, @Nullable FilterRun filters) {
        if (filters == null) {
            send(data, end);
        } else {
            filters.responseData(data, end);
        }
    }

    /**
     * A body is here as a whole. It goes out piece by piece, as the client takes it: what is sent from memory that many share must not be copied
     * for each client that is slow.
     *
     * @param body taken over
     */
    void receiveWhole(ByteBuf body, @Nullable FilterRun filters) {
        rest = body;
        restFilters = filters;
        handOn();
    }

    private void handOn() {
        if (handingOn) {
            return;
        }
        handingOn = true;
        ByteBuf body = rest;
        while (body != null && gate.isOpen()) {
            boolean isLast = body.readableBytes() <= PIECE;
            if (isLast) {
                rest = null;
            }
            exchange.touch();
            receive(isLast ? body : body.readRetainedSlice(PIECE), isLast, restFilters);
            body = rest;
        }
        handingOn = false;
    }

    private void dropRest() {
        if (rest != null) {
            rest.release();
            rest = null;
        }
    }

    /** The trailers have come. */
    void receive(Fields trailers, @Nullable FilterRun filters) {
        Forwarding.prepare(trailers);
        if (filters == null) {
            send(trailers);
        } else {
            filters.responseTrailers(trailers);
        }
    }

    /** Writes the head to the client: the filters, if any, have let it through. */
    void send(ResponseHead passed, boolean end) {
        status = passed.status();
        sent = true;
        exchange.conductor.altSvc().addTo(passed);
        exchange.returned();
        client.writeHead(passed, end);
        endIf(end);
    }

    /** Writes a piece of the body to the client. */
    void send(ByteBuf data, boolean end) {
        bytes += data.readableBytes();
        client.writeData(data, end);
        endIf(end);
        if (!closed && !end && !client.isWritable()) {
            holdForClient(true);
        }
    }

    /** Writes the trailers to the client. */
    void send(Fields trailers) {
        client.writeTrailers(trailers);
        endIf(true);
    }

    private void endIf(boolean end) {
        if (end && !closed) {
            ended = true;
            exchange.responseEnded();
        }
    }

    /** Ends the response before it has begun, for nobody is there; access records show why. */
    void forgo(int recordedStatus) {
        if (!begun) {
            begun = true;
            sent = true;
            status = recordedStatus;
        }
    }

    /** Notes that an answer to a failure is being written from here. */
    void beginLocal(int localStatus) {
        begun = true;
        sent = true;
        status = localStatus;
        exchange.returned();
    }

    /** Ends a response that has begun in such a way that nobody takes it for whole. */
    void cut(ResetCode code) {
        client.reset(code);
    }

    /** Stops or goes on reading from the endpoint because the client is full, or takes more. */
    void holdForClient(boolean hold) {
        if (gate.holdForReceiver(hold)) {
            apply();
        }
    }

    /** Stops or goes on reading from the endpoint because a filter says so. */
    void holdForFilter(boolean hold) {
        if (gate.holdForFilter(hold)) {
            apply();
        }
    }

    private void apply() {
        if (rest != null) {
            if (gate.isOpen()) {
                exchange.eventLoop().execute(this::handOn); // a filter that resumes has yet to pass on what it held
            }
            return;
        }
        ClientStream upstream = exchange.tries.stream();
        if (upstream == null || closed) {
            return;
        }
        if (gate.isOpen()) {
            upstream.resumeReading();
        } else {
            upstream.pauseReading();
        }
    }

    void close() {
        closed = true;
        dropRest();
    }

    /** Returns the head, or null before it is there. */
    @Nullable ResponseHead head() {
        return head;
    }

    /** Returns whether the response is one of server-sent events (HTML, section 9.2). */
    boolean isEventStream() {
        ResponseHead known = head;
        int at = known == null ? -1 : known.fields().indexOf(FieldName.CONTENT_TYPE);
        return known != null && at >= 0 && known.fields().valueStartsWithIgnoreCaseAt(at, "text/event-stream");
    }

    /** Returns whether a response goes to the client, so that no other can. */
    boolean isBegun() {
        return begun;
    }

    /** Returns whether the head has been written to the client; one that has begun may still be held by a filter. */
    boolean isSent() {
        return sent;
    }

    /** Returns whether the last octet was written. */
    boolean isEnded() {
        return ended;
    }

    int status() {
        return status;
    }

    /** Returns the octets of the body so far. */
    long bytes() {
        return bytes;
    }
}
