package io.lb4j.internal.codec.http1;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.internal.codec.ServerConnection;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.RequestReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that speaks HTTP/1.1 or HTTP/1.0: the last handler of its channel's pipeline. It reads one request at a time;
 * what a client sends ahead waits, up to a bound, until the response is done.
 *
 * <p>The channel wants {@code ALLOW_HALF_CLOSURE}, so that the halves of a tunnel can end one by one; without it a tunnel ends as a whole
 * when the client closes its half. Outside of tunnels a client that closes its half counts as gone.
 *
 * <p>A failure that the client brings about by what it sends (malformed, too large, too late) before the response has begun leaves the
 * way back open: one whole response may still be written, after which the connection is closed. If none is written within the linger
 * time, the connection is cut.
 *
 * <p>Confined to its event loop.
 */
public final class Http1ServerConnection extends Http1Connection implements ServerConnection {
    private final ConnectionInfo info;
    private final RequestReceiver receiver;
    private final Http1Limits limits;
    private final RequestReader reader;
    private final AwaitedHead head;
    private final BodyReader body;
    private final UnwantedInput unwanted;
    private ServerPhase phase = ServerPhase.HEAD;
    private @Nullable ServerExchange exchange;
    private boolean isDraining;
    private boolean isHangingUp;
    private boolean outputIsShut;
    private boolean inputIsOver;

    /**
     * Creates a connection.
     *
     * @param loop that of the channel
     * @param info is told to exchanges
     * @param receiver gets the requests
     */
    public Http1ServerConnection(LoopContext loop, ConnectionInfo info, RequestReceiver receiver, Http1Limits limits) {
        super(loop, limits);
        this.info = info;
        this.receiver = receiver;
        this.limits = limits;
        reader = new RequestReader(limits.head(), info.tls().isPresent() ? "https" : "http");
        body = new BodyReader(Direction.REQUEST, limits);
        unwanted = new UnwantedInput(limits);
        head = new AwaitedHead(reader);
    }

    ConnectionInfo info() {
        return info;
    }

    boolean isDraining() {
        return isDraining;
    }

    /** Returns whether an exchange is the one under way. */
    boolean holds(ServerExchange candidate) {
        return exchange == candidate;
    }

    @Override
    void begin() {
        patience().await(limits.times().headNanos());
    }

    // ---- What comes.

    @Override
    boolean step(ByteBuf in) throws ProxyException {
        return switch (phase) {
            case HEAD -> readHead(in);
            case BODY -> readBody(in);
            case TUNNEL -> readTunnel(in);
            case REST -> readRest(in);
            case DISCARD -> {
                unwanted.skip(in);
                yield false;
            }
            case HELD -> false;
        };
    }

    private boolean readHead(ByteBuf in) throws ProxyException {
        if (!head.read(in)) {
            if (head.hasJustBegun()) {
                patience().await(limits.times().headNanos());
            }
            return false;
        }
        body.start(reader.framing());
        ServerExchange current = beginExchange();
        if (reader.framing().kind() == BodyKind.NONE) {
            hold();
        } else {
            phase = ServerPhase.BODY;
            patience().rest();
            awaitBody(current);
        }
        current.listen(receiver.onRequest(current, reader.head(), current.requestEnded()));
        return true;
    }

    /** Waits for the body, where it is being read and the client's turn to send it. */
    void awaitBody(ServerExchange current) {
        if (phase == ServerPhase.BODY && holds(current) && current.owesBody()) {
            patience().await(limits.times().bodyNanos());
        }
    }

    private ServerExchange beginExchange() {
        ServerExchange begun = new ServerExchange(this, reader);
        exchange = begun;
        head.onTaken();
        return begun;
    }

    private boolean readBody(ByteBuf in) throws ProxyException {
        ServerExchange current = exchange;
        if (current == null || current.isPaused()) {
            return false;
        }
        BodyReader.Step step = body.next(in);
        if (step == BodyReader.Step.STARVED) {
            return false;
        }
        if (step == BodyReader.Step.PIECE) {
            patience().await(limits.times().bodyNanos());
            current.deliver(takePiece(body, in), false);
            return true;
        }
        hold();
        if (step == BodyReader.Step.TRAILERS) {
            current.deliverTrailers(body.trailers());
        } else {
            current.deliver(step == BodyReader.Step.END ? Unpooled.EMPTY_BUFFER : takePiece(body, in), true);
        }
        return true;
    }

    /** The request is read: the client's next word has time until the response is done. */
    private void hold() {
        phase = ServerPhase.HELD;
        patience().rest();
    }

    private boolean readTunnel(ByteBuf in) {
        ServerExchange current = exchange;
        if (current == null || current.isPaused()) {
            return false;
        }
        current.deliver(takeInput(in), false);
        return true;
    }

    private boolean readRest(ByteBuf in) throws ProxyException {
        BodyReader.Step step = unwanted.skip(body, in);
        if (isDraining || unwanted.isTooMuch()) {
            hangUp(null);
            return false;
        }
        if (step == BodyReader.Step.END) {
            awaitRequest();
        }
        return step != BodyReader.Step.STARVED;
    }

    @Override
    boolean wantsInput() {
        return switch (phase) {
            case BODY, TUNNEL -> exchange == null || !exchange.isPaused();
            case DISCARD -> !unwanted.isTooMuch();
            case HEAD, REST, HELD -> true;
        };
    }

    void resume(ServerExchange current) {
        if (holds(current) && !isDisposed()) {
            awaitBody(current);
            consume();
        }
    }

    @Override
    void refuse(ProxyException refusal) {
        if (phase == ServerPhase.REST) {
            hangUp(null);
            return;
        }
        boolean isInHead = phase == ServerPhase.HEAD;
        phase = ServerPhase.DISCARD;
        unwanted.begin();
        patience().await(limits.times().lingerNanos());
        ServerExchange current = exchange;
        if (isInHead) {
            ServerExchange refused = beginExchange();
            refused.endConnection();
            receiver.onRefusal(refused, reader.head(), refusal);
        } else if (current != null && !current.failRequest(refusal)) {
            abandon();
        }
    }

    @Override
    void endInput() {
        inputIsOver = true;
        ServerExchange current = exchange;
        if (phase == ServerPhase.TUNNEL && current != null) {
            current.deliver(Unpooled.EMPTY_BUFFER, true);
            forgetTunnelIfOver(current);
            closeIfOver();
        } else if (isHangingUp) {
            closeIfOver();
        } else if (current == null) {
            hangUp(null); // the last response may still be on its way
        } else {
            lose(new ProxyException(Kind.CLIENT_GONE, "client: closed its half of the connection"));
        }
    }

    // ---- What goes.

    void beginTunnel() {
        phase = ServerPhase.TUNNEL; // what waits is delivered after the flush
    }

    /** The response is written. */
    void endResponse(ServerExchange ended) {
        exchange = null;
        if (phase == ServerPhase.DISCARD || isDraining || !ended.persists()) {
            hangUp(ended);
            return;
        }
        // What waits is read after the flush, when whoever wrote the response is done with the request's head.
        if (ended.requestEnded()) {
            awaitRequest();
            return;
        }
        phase = ServerPhase.REST;
        unwanted.begin();
        patience().await(limits.times().lingerNanos());
    }

    private void awaitRequest() {
        phase = ServerPhase.HEAD;
        patience().await(limits.times().idleNanos());
    }

    /** Returns whether the rest of the request under way may be more than is read of one that is not wanted. */
    boolean mayOweMuch() {
        return !unwanted.mayTake(body);
    }

    /** The client gets no more of a tunnel. */
    void endTunnelOutput(ServerExchange ended) {
        forgetTunnelIfOver(ended);
        shutdownOutput(() -> {
            outputIsShut = true;
            closeIfOver();
        });
    }

    /** Lets go of a tunnel whose halves have both ended: there is nobody to tell of what still happens to the last octets. */
    private void forgetTunnelIfOver(ServerExchange tunnel) {
        if (inputIsOver && tunnel.isOver() && holds(tunnel)) {
            exchange = null;
        }
    }

    private void closeIfOver() {
        if (inputIsOver && outputIsShut && !isDisposed()) {
            dispose();
            Hangup.closeNow(wire().context());
        }
    }

    /** Ends the connection in good order: what was written goes out, then FIN, and what still comes is thrown away for a while. */
    private void hangUp(@Nullable ServerExchange last) {
        hangUp(last != null && last.requestEnded() && !reader.isKeepAlive() && !hasInput());
    }

    private void hangUp(boolean nothingComes) {
        isHangingUp = true;
        unwanted.begin();
        phase = ServerPhase.DISCARD;
        patience().rest(); // while the last response is on its way its writes alone are watched
        if (nothingComes) {
            output().flushNow();
            Hangup.close(wire().context());
            return;
        }
        // RFC 9112 §9.6: if it were closed at once, the kernel would answer what still comes with RST, and the client
        // would lose the response.
        shutdownOutput(this::linger);
        consume();
    }

    private void linger() {
        outputIsShut = true;
        closeIfOver();
        if (!isDisposed()) {
            patience().await(limits.times().lingerNanos());
        }
    }

    @Override
    void writable() {
        ServerExchange current = exchange;
        if (current != null) {
            current.tellWritable();
        }
    }

    // ---- The end.

    @Override
    void lose(ProxyException failure) {
        ServerExchange current = exchange;
        abandon();
        if (current != null) {
            current.fail(failure);
        }
    }

    /** Cuts the connection; the exchange hears nothing. */
    void abandon() {
        exchange = null;
        dispose();
        Hangup.cut(wire().context().channel());
    }

    @Override
    void endChannel() {
        if (isDisposed()) {
            return;
        }
        Throwable cause = failure();
        String message = cause == null ? "client: closed the connection" : "client: " + cause.getMessage();
        lose(new ProxyException(Kind.CLIENT_GONE, ProxyException.Delivery.UNKNOWN, message, cause));
    }

    @Override
    public void drain() {
        isDraining = true;
        boolean isIdle = exchange == null && phase == ServerPhase.HEAD && !reader.hasBegun() && !hasInput();
        if (isIdle && !isDisposed() && !isHangingUp) {
            hangUp(true); // RFC 9112 §9.5: a client reckons with that at any time, and is owed nothing
        }
    }

    @Override
    public void close() {
        if (!isDisposed()) {
            lose(new ProxyException(Kind.DRAINED, "connection: closed on this side"));
        }
    }

    @Override
    void giveUpWriting() {
        lose(new ProxyException(Kind.CLIENT_STALLED, "client: took nothing of the response for too long"));
    }

    @Override
    void giveUpWaiting() {
        switch (phase) {
            case HEAD -> {
                if (reader.hasBegun()) {
                    refuse(new ProxyException(Kind.REQUEST_TIMEOUT, "head: not complete in time"));
                } else {
                    hangUp(null);
                }
            }
            case BODY -> {
                // The time of a pause is not the client's; the wait begins anew when it ends. Once a response has begun
                // the halves may take turns as they like: how long neither moves is the route's to limit.
                if (exchange != null && exchange.owesBody()) {
                    refuse(new ProxyException(Kind.REQUEST_TIMEOUT, "body: nothing came for too long"));
                }
            }
            case REST -> hangUp(null);
            case DISCARD ->
                lose(new ProxyException(Kind.REQUEST_TIMEOUT, "exchange: not over in time, its request having failed"));
            case HELD, TUNNEL -> throw new IllegalStateException("wait: in " + phase + " (expected: none)");
        }
    }
}
