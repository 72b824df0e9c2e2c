package io.lb4j.internal.codec.http2;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ResponseListener;
import org.jspecify.annotations.Nullable;

/** A request's stream on a connection that we opened. Confined to the event loop of its connection. */
final class Http2ClientStream extends Http2Stream implements ClientStream {
    private static final int MAX_INFORMATIONAL = 32;

    private final Http2ClientConnection client;
    private final ResponseListener listener;
    private @Nullable ResponseHead head; // of the final response
    private @Nullable RequestHead held; // waits until the peer has said whether it knows extended CONNECT
    private boolean headWritten;
    private boolean upgrade;
    private boolean bodiless; // the response has no body, whatever its content-length
    private boolean asksHead;
    private int informationalHeads;
    private int sentTurn; // the writer's turn in which the request's head was written

    Http2ClientStream(Http2ClientConnection client, ResponseListener listener) {
        super(client);
        this.client = client;
        this.listener = listener;
    }

    @Override
    ResponseListener listener() {
        return listener;
    }

    @Override
    boolean isHeadWritten() {
        return headWritten;
    }

    /** Returns the final response's head once it has come, or null. */
    @Nullable ResponseHead head() {
        return head;
    }

    /** Counts an informational head; returns whether there may be as many: no window limits them. */
    boolean takesInformational() {
        return ++informationalHeads <= MAX_INFORMATIONAL;
    }

    boolean isUpgrade() {
        return upgrade;
    }

    /** Takes the head of the final response. */
    void head(ResponseHead newHead, long contentLength) {
        head = newHead;
        int status = newHead.status();
        bodiless = asksHead || status == 204 || status == 304;
        contentLeft(bodiless || status == 101 ? -1 : contentLength);
    }

    @Override
    void requireDataAllowed(int octets) throws Http2Error {
        if (head == null) {
            throw Http2Error.stream(id(), ErrorCode.PROTOCOL_ERROR, "DATA before HEADERS");
        }
        if (bodiless && octets > 0) {
            throw Http2Error.stream(
                    id(), ErrorCode.PROTOCOL_ERROR, "DATA of a response without a body: " + octets + " octets");
        }
    }

    /** Returns false: how long a response may take is for the exchange to say. */
    @Override
    boolean awaitsBody() {
        return false;
    }

    /** Tells the listener, with what is known here: how far the request and its response had come. */
    @Override
    void onFailed(ProxyException failure) {
        held = null;
        if (failure.kind() != Kind.UPSTREAM_CLOSED) {
            listener.onFailure(failure);
            return;
        }
        boolean unsent = id() == 0 || sentTurn == client.writer().turn();
        listener.onFailure(new ProxyException(
                head == null ? Kind.UPSTREAM_CLOSED : Kind.UPSTREAM_TRUNCATED,
                unsent ? Delivery.UNPROCESSED : failure.delivery(),
                String.valueOf(failure.getMessage()),
                failure.getCause()));
    }

    // ---- ClientStream

    @Override
    public void writeHead(RequestHead request, boolean end) {
        if (!takesMore() || headWritten) {
            return;
        }
        headWritten = true;
        upgrade = request.isUpgrade();
        asksHead = request.method().equals(Method.HEAD);
        if (end) {
            finish();
        }
        if (upgrade && !client.peer().isReceived()) {
            held = request.copy();
            return;
        }
        send(request);
    }

    /** Sends the head that was held back, now that the peer's SETTINGS are known. */
    void sendHeld() {
        RequestHead waiting = held;
        if (waiting != null) {
            held = null;
            send(waiting);
        }
    }

    private void send(RequestHead request) {
        if (upgrade && !client.peer().allowsConnectProtocol()) {
            client.refuseUpgrade(this);
            return;
        }
        if (!client.assignId(this)) {
            return;
        }
        sentTurn = client.writer().turn();
        client.headEncoder().request(request);
        boolean end = !takesMore() && queuedOctets() == 0;
        client.writeBlock(this, end);
        if (end) {
            onSendEnded();
        } else {
            client.sendFlow().offer(this);
        }
    }
}
