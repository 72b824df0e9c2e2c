package io.lb4j.internal.codec.http1;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.lb4j.spi.ServerStream;
import io.lb4j.spi.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * One request on a connection, and the way back for its response. One object for each request, so that whoever holds on to it too
 * long writes into the void and not into another client's response. Confined to its connection's event loop.
 */
final class ServerExchange implements ServerStream {
    private static final byte[] CLOSE = HeadWriter.ascii("connection: close\r\n");
    private static final byte[] KEEP_ALIVE = HeadWriter.ascii("connection: keep-alive\r\n");
    private static final byte[] NO_LENGTH = HeadWriter.ascii("content-length: 0\r\n");
    private static final byte[] CHUNKED = HeadWriter.ascii("transfer-encoding: chunked\r\n");
    private static final byte[] UPGRADE = HeadWriter.ascii("connection: upgrade\r\nupgrade: websocket\r\n");
    private static final byte[] ACCEPT = HeadWriter.ascii("sec-websocket-accept: ");

    private final Http1ServerConnection connection;
    private final boolean isVersion10;
    private final boolean isHead;
    private final boolean isConnect;
    private final @Nullable String webSocketKey; // there if the client wants to switch to WebSocket
    private @Nullable StreamListener listener;
    private @Nullable ProxyException earlyFailure; // one that came before there was a listener
    private boolean persists; // whether the connection stays after this exchange, as far as is known
    private boolean awaitsContinue;
    private boolean requestEnded;
    private boolean headWritten;
    private boolean isTunnel;
    private boolean isPaused;
    private boolean isOver; // whether writing has no effect any more

    /**
     * Begins an exchange.
     *
     * @param reader has read the head, or a part of it
     */
    ServerExchange(Http1ServerConnection connection, RequestReader reader) {
        this.connection = connection;
        RequestHead head = reader.head();
        isVersion10 = head.version() == Version.HTTP_1_0;
        isHead = head.method().equals(Method.HEAD);
        isConnect = head.method().equals(Method.CONNECT);
        webSocketKey = head.isUpgrade()
                ? head.fields().value(FieldName.SEC_WEBSOCKET_KEY).orElse("")
                : null;
        persists = reader.isKeepAlive();
        awaitsContinue = reader.expectsContinue();
        requestEnded = reader.framing().kind() == BodyKind.NONE && !mayBecomeTunnel();
    }

    // ---- What the connection asks and tells.

    /** Returns whether the request has been read wholly. */
    boolean requestEnded() {
        return requestEnded;
    }

    /** Returns whether the connection may stay, once the request is read and the response written. */
    boolean persists() {
        return persists;
    }

    /** Returns whether the request asks for a tunnel that is not there yet: what follows it waits. */
    boolean mayBecomeTunnel() {
        return isConnect || webSocketKey != null;
    }

    /** Returns whether it is the client's turn: to send more of its body, which neither waits for a 100 nor has an answer yet. */
    boolean owesBody() {
        return !awaitsContinue && !isPaused && !headWritten;
    }

    /** Returns whether writing has no effect any more. */
    boolean isOver() {
        return isOver;
    }

    boolean isPaused() {
        return isPaused;
    }

    /** Says that the connection ends with this exchange. */
    void endConnection() {
        persists = false;
    }

    void listen(StreamListener newListener) {
        ProxyException failure = earlyFailure;
        if (failure != null) {
            newListener.onFailure(failure);
        } else if (!isOver) {
            listener = newListener;
        }
    }

    /** Delivers a piece, which is taken over. */
    void deliver(ByteBuf data, boolean end) {
        awaitsContinue = false;
        requestEnded |= end;
        StreamListener current = listener;
        if (current == null) {
            data.release();
            return;
        }
        current.onData(data, end);
    }

    void deliverTrailers(Fields trailers) {
        awaitsContinue = false;
        requestEnded = true;
        StreamListener current = listener;
        if (current != null) {
            current.onTrailers(trailers);
        }
    }

    void tellWritable() {
        StreamListener current = listener;
        if (current != null && !isOver) {
            current.onWritable();
        }
    }

    /**
     * Fails because of what the client sent, or did not send. Where no response has begun, one may still be written.
     *
     * @return whether that is so
     */
    boolean failRequest(ProxyException failure) {
        persists = false;
        if (headWritten) {
            fail(failure);
            return false;
        }
        tell(failure);
        return true;
    }

    /** Fails in both directions. */
    void fail(ProxyException failure) {
        // A tunnel whose one half has ended can still fail in the other.
        if (!isOver || isTunnel) {
            isOver = true;
            tell(failure);
        }
    }

    private void tell(ProxyException failure) {
        StreamListener current = listener;
        listener = null;
        if (current == null) {
            earlyFailure = failure;
            return;
        }
        current.onFailure(failure);
    }

    // ---- The way back.

    @Override
    public ConnectionInfo connection() {
        return connection.info();
    }

    @Override
    public EventLoop eventLoop() {
        return connection.loop().eventLoop();
    }

    @Override
    public void writeInformational(ResponseHead head) {
        // RFC 9110 §15.2: a client of HTTP/1.0 does not know of them.
        if (isOver || headWritten || isVersion10) {
            return;
        }
        if (!head.isInformational()) {
            throw new IllegalArgumentException("status: " + head.status() + " (expected: 1xx but not 101)");
        }
        if (head.status() == 100 && awaitsContinue) {
            awaitsContinue = false;
            connection.awaitBody(this);
        }
        HeadWriter heads = connection.wire().heads();
        heads.statusLine(head.status());
        heads.fieldsWithout(FieldName.CONTENT_LENGTH, head.fields());
        heads.endTo(connection.output());
    }

    @Override
    public void writeHead(ResponseHead head, boolean end) {
        if (isOver) {
            return;
        }
        if (headWritten) {
            throw new IllegalStateException("head: " + head + " (expected: one final head only)");
        }
        if (head.isInformational()) {
            throw new IllegalArgumentException("status: " + head.status() + " (expected: a final one)");
        }
        headWritten = true;
        int status = head.status();
        boolean isSwitch = status == 101 && webSocketKey != null;
        if (isSwitch || (isConnect && status >= 200 && status < 300)) {
            writeTunnelHead(head);
            isTunnel = true;
            connection.beginTunnel();
            if (end) {
                writeData(Unpooled.EMPTY_BUFFER, true);
            }
            return;
        }
        requestEnded |= mayBecomeTunnel();
        if (status == 101 || !writeFramedHead(head, end)) {
            violate("head: " + head + " (expected: a content-length that fits, no 101 unasked)");
            return;
        }
        if (end) {
            finish();
        }
    }

    private void writeTunnelHead(ResponseHead head) {
        HeadWriter heads = connection.wire().heads();
        Fields fields = head.fields();
        heads.statusLine(head.status());
        if (head.status() == 101) {
            heads.line(UPGRADE);
            String key = webSocketKey;
            if (key != null && !fields.contains(FieldName.SEC_WEBSOCKET_ACCEPT)) {
                heads.field(ACCEPT, WebSocketKeys.accept(key));
            }
        }
        heads.tunnelFields(fields);
        endHead(heads, fields);
        connection.wire().body().start(BodyKind.UNTIL_CLOSE, 0);
    }

    /** Writes a head and decides how its body is framed (RFC 9112 §6.3); returns false if it contradicts itself. */
    private boolean writeFramedHead(ResponseHead head, boolean end) {
        Fields fields = head.fields();
        int status = head.status();
        boolean hasLength = fields.contains(FieldName.CONTENT_LENGTH);
        long length = hasLength ? ContentLength.of(fields) : 0;
        boolean isBodiless = isHead || status == 204 || status == 304;
        if (length == ContentLength.INVALID || (end && length > 0 && !isBodiless)) {
            return false;
        }
        BodyKind kind = bodyKind(isBodiless, hasLength, end);
        decideOnPersistence(kind, end);
        HeadWriter heads = connection.wire().heads();
        heads.statusLine(status);
        if (status == 204) {
            heads.fieldsWithout(FieldName.CONTENT_LENGTH, fields);
        } else {
            heads.fields(fields);
        }
        if (kind == BodyKind.CHUNKED) {
            heads.line(CHUNKED);
        } else if (kind == BodyKind.NONE && !isBodiless) {
            heads.line(NO_LENGTH);
        }
        if (!persists) {
            heads.line(CLOSE);
        } else if (isVersion10) {
            heads.line(KEEP_ALIVE);
        }
        endHead(heads, fields);
        connection.wire().body().start(kind, length);
        return true;
    }

    private BodyKind bodyKind(boolean isBodiless, boolean hasLength, boolean end) {
        if (isBodiless) {
            return BodyKind.NONE;
        }
        if (hasLength) {
            return BodyKind.LENGTH;
        }
        if (end) {
            return BodyKind.NONE;
        }
        return isVersion10 ? BodyKind.UNTIL_CLOSE : BodyKind.CHUNKED;
    }

    private void decideOnPersistence(BodyKind kind, boolean end) {
        // A client that still waits for a 100 may send the body or may not: where its next request begins cannot be
        // told. Of a request that outlasts its response only so much is read; a response in chunks may well be the
        // longer one.
        boolean isLeft = end || awaitsContinue || (kind == BodyKind.LENGTH && connection.mayOweMuch());
        boolean leavesRequest = !requestEnded && isLeft;
        if (kind == BodyKind.UNTIL_CLOSE || leavesRequest || connection.isDraining()) {
            persists = false;
        }
    }

    private void endHead(HeadWriter heads, Fields fields) {
        if (!fields.contains(FieldName.DATE)) {
            heads.date();
        }
        heads.endTo(connection.output());
    }

    @Override
    public void writeData(ByteBuf data, boolean end) {
        if (isOver) {
            data.release();
            return;
        }
        requireHead(data);
        BodyWriter body = connection.wire().body();
        int length = data.readableBytes();
        if (!body.write(data, end)) {
            violate("body: a piece of " + length + " octets, " + (end ? "the last" : "not the last") + " (expected: "
                    + body.remaining() + " more as declared)");
            return;
        }
        if (end) {
            finish();
        }
    }

    @Override
    public void writeTrailers(Fields trailers) {
        if (isOver) {
            return;
        }
        requireHead(Unpooled.EMPTY_BUFFER);
        BodyWriter body = connection.wire().body();
        if (!body.writeTrailers(trailers)) {
            violate("body: ended (expected: " + body.remaining() + " more octets as declared)");
            return;
        }
        finish();
    }

    private void requireHead(ByteBuf data) {
        if (!headWritten) {
            data.release();
            throw new IllegalStateException("body: before the head (expected: a head first)");
        }
    }

    private void finish() {
        isOver = true;
        if (isTunnel) {
            connection.endTunnelOutput(this);
        } else {
            connection.endResponse(this);
        }
    }

    private void violate(String message) {
        connection.lose(new ProxyException(Kind.INTERNAL_FAULT, message));
    }

    @Override
    public void reset(ResetCode code) {
        if (isTunnel ? !connection.holds(this) : isOver) {
            return;
        }
        isOver = true;
        listener = null;
        connection.output().flushNow(); // what has come is the client's, even if the rest never will be
        connection.abandon();
    }

    @Override
    public boolean isWritable() {
        return !isOver && connection.output().isWritable();
    }

    @Override
    public void pauseReading() {
        isPaused = true;
        connection.updateReading();
    }

    @Override
    public void resumeReading() {
        if (isPaused) {
            isPaused = false;
            connection.resume(this);
        }
    }
}
