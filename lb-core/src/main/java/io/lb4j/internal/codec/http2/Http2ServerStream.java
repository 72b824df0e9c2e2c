package io.lb4j.internal.codec.http2;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.ServerStream;
import io.lb4j.spi.StreamListener;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/** A request's stream on a connection that clients opened. Confined to the event loop of its connection. */
final class Http2ServerStream extends Http2Stream implements ServerStream {
    private final Http2ServerConnection server;
    private final RequestHead head;
    private final boolean upgrade;
    private StreamListener listener = IgnoredInput.LISTENER;
    private boolean handedOver;
    private @Nullable ProxyException earlyFailure; // came before the receiver had returned a listener
    private boolean headWritten;
    private boolean bodyLate;

    Http2ServerStream(Http2ServerConnection server, RequestHead head) {
        super(server);
        this.server = server;
        this.head = head;
        upgrade = head.isUpgrade();
    }

    RequestHead head() {
        return head;
    }

    /** Returns whether the stream is, or may become, a tunnel, whose halves end by themselves. */
    boolean isUpgrade() {
        return upgrade;
    }

    /** Takes who hears the rest of the request. */
    void handedOver(StreamListener newListener) {
        listener = newListener;
        handedOver = true;
        ProxyException failure = earlyFailure;
        if (failure != null) {
            newListener.onFailure(failure);
        }
    }

    @Override
    StreamListener listener() {
        return listener;
    }

    @Override
    boolean isHeadWritten() {
        return headWritten;
    }

    @Override
    void requireDataAllowed(int octets) {
        // a request may have a body whatever its method
    }

    /**
     * Returns whether the body's next octets are overdue if they do not come: not once an answer has begun, nor in a tunnel, nor in a
     * call of gRPC, whose messages may be hours apart.
     */
    @Override
    boolean awaitsBody() {
        return !isReceiveEnded() && !isPaused() && !isClosed() && !headWritten && !upgrade && !isGrpc();
    }

    private boolean isGrpc() {
        Fields fields = head.fields();
        int at = fields.indexOf(FieldName.CONTENT_TYPE);
        return at >= 0 && fields.valueStartsWithIgnoreCaseAt(at, "application/grpc");
    }

    /** Returns whether the body's time was up before. */
    boolean isBodyLate() {
        return bodyLate;
    }

    /** The body's time is up: the listener hears so, and may still write one response. */
    void failBody(ProxyException failure) {
        bodyLate = true;
        discard();
        onFailed(failure);
    }

    @Override
    void onFailed(ProxyException failure) {
        if (!handedOver) {
            earlyFailure = failure;
            return;
        }
        StreamListener told = listener;
        listener = IgnoredInput.LISTENER; // a body that was late is told of once
        told.onFailure(failure);
    }

    // ---- ServerStream

    @Override
    public ConnectionInfo connection() {
        return server.info();
    }

    @Override
    public EventLoop eventLoop() {
        return server.loop().eventLoop();
    }

    @Override
    public void writeInformational(ResponseHead informational) {
        // RFC 9113 §8.6: 101 does not exist in HTTP/2
        if (takesMore() && !headWritten && informational.isInformational()) {
            server.headEncoder().response(informational, informational.status(), false);
            server.writeBlock(this, false);
        }
    }

    @Override
    public void writeHead(ResponseHead response, boolean end) {
        if (!takesMore() || headWritten) {
            return;
        }
        int status = response.status();
        boolean agrees = status == 101;
        if (agrees != upgrade && (agrees || status < 300)) {
            // RFC 8441 §4: a 2xx would open the tunnel that was not agreed to; and 101 cannot be said where nobody
            // asked.
            server.streams()
                    .abort(
                            this,
                            ErrorCode.CONNECT_ERROR,
                            new ProxyException(
                                    Kind.MALFORMED_RESPONSE,
                                    "status: " + status + " (expected: " + (upgrade ? "101, or a refusal" : "not 101")
                                            + ")"));
            return;
        }
        headWritten = true;
        server.headEncoder().response(response, agrees ? 200 : status, agrees);
        server.writeBlock(this, end);
        if (end) {
            finish();
            onSendEnded();
        }
    }
}
