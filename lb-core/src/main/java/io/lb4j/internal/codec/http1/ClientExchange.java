package io.lb4j.internal.codec.http1;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request on an endpoint's connection. One object for each request, so that whoever holds on to it too long writes into the void
 * and not into another request. Confined to its connection's event loop.
 */
final class ClientExchange implements ClientStream {
    private static final byte[] NO_LENGTH = HeadWriter.ascii("content-length: 0\r\n");
    private static final byte[] CHUNKED = HeadWriter.ascii("transfer-encoding: chunked\r\n");
    private static final byte[] CONNECTION_TE = HeadWriter.ascii("connection: te\r\n");
    private static final byte[] CONNECTION_UPGRADE = HeadWriter.ascii("connection: upgrade\r\n");
    private static final byte[] UPGRADE = HeadWriter.ascii("upgrade: ");
    private static final byte[] KEY = HeadWriter.ascii("sec-websocket-key: ");
    private static final byte[] WEBSOCKET_VERSION = HeadWriter.ascii("sec-websocket-version: 13\r\n");
    private static final FieldName SEC_WEBSOCKET_VERSION = FieldName.of("sec-websocket-version");

    private final Http1ClientConnection connection;
    private final ResponseListener listener;
    private @Nullable String protocol; // to switch to
    private @Nullable String accept; // what has to answer the key, where that is ours
    private boolean isConnect;
    private boolean headWritten;
    private boolean requestEnded;
    private boolean responseEnded;
    private boolean isTunnel;
    private boolean isPaused;
    private @Nullable ByteBuf early; // what is to go into the tunnel once it is there
    private boolean earlyEnd;
    private boolean isOver; // whether nothing is delivered and nothing is written any more
    private long flushesBefore;

    ClientExchange(Http1ClientConnection connection, ResponseListener listener) {
        this.connection = connection;
        this.listener = listener;
    }

    // ---- What the connection asks and tells.

    boolean requestEnded() {
        return requestEnded;
    }

    boolean responseEnded() {
        return responseEnded;
    }

    boolean isPaused() {
        return isPaused;
    }

    boolean isConnect() {
        return isConnect;
    }

    /** Returns whether the request asks for a tunnel. */
    boolean mayBecomeTunnel() {
        return isConnect || protocol != null;
    }

    /** Returns whether a part of the request may have gone out. */
    boolean isFlushed() {
        return headWritten && connection.output().flushes() != flushesBefore;
    }

    /** Returns whether a 101 is what was asked for; takes away the fields that are the connection's own. */
    boolean agreesToSwitch(ResponseHead head, boolean namesUpgrade) {
        Fields fields = head.fields();
        String wanted = protocol;
        if (wanted == null || !namesUpgrade || !ListMember.isIn(fields, FieldName.UPGRADE, wanted)) {
            return false;
        }
        String expected = accept;
        if (expected != null) {
            if (!fields.values(FieldName.SEC_WEBSOCKET_ACCEPT).equals(List.of(expected))) {
                return false;
            }
            // The key was ours, so is the answer to it.
            fields.remove(FieldName.SEC_WEBSOCKET_ACCEPT);
        }
        fields.remove(FieldName.CONNECTION);
        fields.remove(FieldName.UPGRADE);
        return true;
    }

    void beginTunnel() {
        isTunnel = true;
        connection.wire().body().start(BodyKind.UNTIL_CLOSE, 0);
        ByteBuf held = early;
        early = null;
        if (held != null) {
            writeData(held, earlyEnd);
        }
        tellWritable();
    }

    void deliverInformational(ResponseHead head) {
        if (!isOver) {
            listener.onInformational(head);
        }
    }

    void deliverHead(ResponseHead head, boolean end) {
        responseEnded = end;
        if (!isOver) {
            listener.onHead(head, end);
        }
    }

    /** Delivers a piece, which is taken over. */
    void deliver(ByteBuf data, boolean end) {
        responseEnded |= end;
        if (isOver) {
            data.release();
            return;
        }
        listener.onData(data, end);
    }

    void deliverTrailers(Fields trailers) {
        responseEnded = true;
        if (!isOver) {
            listener.onTrailers(trailers);
        }
    }

    void tellWritable() {
        if (!isOver && !requestEnded) {
            listener.onWritable();
        }
    }

    /** Ends the exchange without a word: its response is delivered. */
    void end() {
        close();
    }

    void fail(ProxyException failure) {
        if (!isOver) {
            close();
            listener.onFailure(failure);
        }
    }

    /** Returns what it means to this exchange that nothing more comes, although more should. */
    ProxyException lossOfInput(boolean nothingCame, @Nullable Throwable cause) {
        String what = cause == null ? "endpoint: closed the connection" : "endpoint: " + cause.getMessage();
        return new ProxyException(
                nothingCame ? Kind.UPSTREAM_CLOSED : Kind.UPSTREAM_TRUNCATED,
                isFlushed() ? Delivery.UNKNOWN : Delivery.UNPROCESSED,
                what + (nothingCame ? " before its response" : " within its response"),
                cause);
    }

    // ---- The way to the endpoint.

    @Override
    public void writeHead(RequestHead head, boolean end) {
        if (isOver) {
            return;
        }
        if (headWritten) {
            throw new IllegalStateException("head: " + head + " (expected: one only)");
        }
        headWritten = true;
        protocol = head.protocol().orElse(null);
        isConnect = head.method().equals(Method.CONNECT) && protocol == null;
        flushesBefore = connection.output().flushes();
        connection.expectResponse(head.method());
        if (!writeFramedHead(head, end)) {
            violate("content-length: " + head.fields().values(FieldName.CONTENT_LENGTH)
                    + " (expected: one number that fits)");
            return;
        }
        requestEnded = end && !mayBecomeTunnel();
    }

    /** Writes a head and decides how its body is framed; returns false if it contradicts itself. */
    private boolean writeFramedHead(RequestHead head, boolean end) {
        Fields fields = end ? head.fields() : framedFields(head.fields());
        boolean isTunnelWish = mayBecomeTunnel();
        boolean hasLength = !isTunnelWish && fields.contains(FieldName.CONTENT_LENGTH);
        long length = hasLength ? ContentLength.of(fields) : 0;
        if (length == ContentLength.INVALID || (end && length > 0)) {
            return false;
        }
        HeadWriter heads = connection.wire().heads();
        heads.requestLine(head, isConnect ? head.authority() : head.target());
        BodyKind kind = hasLength ? BodyKind.LENGTH : BodyKind.NONE;
        if (isTunnelWish) {
            heads.tunnelFields(fields);
            writeUpgrade(heads, fields);
        } else {
            heads.fieldsWithout(FieldName.HOST, fields);
            if (fields.contains(FieldName.TE)) {
                // RFC 9110 §10.1.4: TE is for the next hop only, and says so.
                heads.line(CONNECTION_TE);
            }
            if (!hasLength && !end) {
                kind = BodyKind.CHUNKED;
                heads.line(CHUNKED);
            } else if (!hasLength && anticipatesBody(head.method())) {
                heads.line(NO_LENGTH);
            }
        }
        heads.endTo(connection.output());
        connection.wire().body().start(kind, length);
        return true;
    }

    /** A body that trailers are announced for is framed in chunks, for none else can carry them; it came by HTTP/2 or HTTP/3, which have checked its length. */
    private static Fields framedFields(Fields fields) {
        if (!fields.contains(FieldName.TRAILER) || !fields.contains(FieldName.CONTENT_LENGTH)) {
            return fields;
        }
        Fields framed = fields.copy();
        framed.remove(FieldName.CONTENT_LENGTH);
        return framed;
    }

    private void writeUpgrade(HeadWriter heads, Fields fields) {
        String wanted = protocol;
        if (wanted == null) {
            return;
        }
        heads.line(CONNECTION_UPGRADE);
        heads.field(UPGRADE, wanted);
        if (wanted.equals("websocket") && !fields.contains(FieldName.SEC_WEBSOCKET_KEY)) {
            // The client spoke HTTP/2 or HTTP/3, which do without (RFC 8441 §5.1).
            String key = WebSocketKeys.create();
            accept = WebSocketKeys.accept(key);
            heads.field(KEY, key);
            if (!fields.contains(SEC_WEBSOCKET_VERSION)) {
                heads.line(WEBSOCKET_VERSION);
            }
        }
    }

    /** RFC 9110 §8.6: a method that gives meaning to a body says so when there is none. */
    private static boolean anticipatesBody(Method method) {
        return method.equals(Method.POST) || method.equals(Method.PUT) || method.equals(Method.PATCH);
    }

    @Override
    public void writeData(ByteBuf data, boolean end) {
        if (isOver || requestEnded) {
            data.release();
            return;
        }
        if (!headWritten) {
            data.release();
            throw new IllegalStateException("body: before the head (expected: a head first)");
        }
        if (mayBecomeTunnel() && !isTunnel) {
            holdEarly(data, end);
            return;
        }
        BodyWriter body = connection.wire().body();
        int length = data.readableBytes();
        if (!body.write(data, end)) {
            violate("body: a piece of " + length + " octets, " + (end ? "the last" : "not the last") + " (expected: "
                    + body.remaining() + " more as declared)");
            return;
        }
        if (end) {
            endRequest();
        }
    }

    @Override
    public void writeTrailers(Fields trailers) {
        if (isOver || requestEnded) {
            return;
        }
        if (!headWritten) {
            throw new IllegalStateException("trailers: before the head (expected: a head first)");
        }
        if (mayBecomeTunnel()) {
            writeData(Unpooled.EMPTY_BUFFER, true); // a tunnel has no trailers
            return;
        }
        BodyWriter body = connection.wire().body();
        if (!body.writeTrailers(trailers)) {
            violate("body: ended (expected: " + body.remaining() + " more octets as declared)");
            return;
        }
        endRequest();
    }

    /** Keeps what may only be sent into a tunnel: {@link #isWritable} is false so long, which bounds it. */
    private void holdEarly(ByteBuf data, boolean end) {
        ByteBuf held = early;
        early = held == null ? data : Http1Connection.join(connection.wire().context(), held, data);
        earlyEnd |= end;
    }

    private void close() {
        isOver = true;
        ByteBuf held = early;
        if (held != null) {
            early = null;
            held.release();
        }
    }

    private void endRequest() {
        requestEnded = true;
        if (isTunnel) {
            connection.endTunnelOutput(this);
        }
    }

    private void violate(String message) {
        connection.lose(new ProxyException(Kind.INTERNAL_FAULT, message));
    }

    @Override
    public void reset(ResetCode code) {
        if (isOver || (requestEnded && responseEnded)) {
            return;
        }
        close();
        connection.abandon("stream: reset on this side, " + code);
    }

    @Override
    public boolean isWritable() {
        boolean waitsForTunnel = mayBecomeTunnel() && !isTunnel;
        return !isOver && !waitsForTunnel && connection.output().isWritable();
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
