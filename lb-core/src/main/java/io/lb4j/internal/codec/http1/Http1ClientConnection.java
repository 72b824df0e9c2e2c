package io.lb4j.internal.codec.http1;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.http.FieldName;
import io.lb4j.http.Method;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint that speaks HTTP/1.1: the last handler of its channel's pipeline. One request at a time; the next only
 * when the last one and its response are whole, and nothing else has come. Octets that nobody asked for end the connection, for
 * they would be taken for the next response.
 *
 * <p>The channel wants {@code ALLOW_HALF_CLOSURE}, so that the halves of a tunnel can end one by one.
 *
 * <p>Of a response's fields it removes transfer-encoding, content-length where it says nothing (1xx, 204, a tunnel), and of a 101
 * Connection and Upgrade; other connection-specific fields are left for the forwarding stage.
 *
 * <p>How long an endpoint may take to answer is for the caller to decide. The only timeout here is that of a write which makes no progress.
 *
 * <p>Confined to its event loop.
 */
public final class Http1ClientConnection extends Http1Connection implements ClientConnection {
    /** How many informational heads may come before the final one. */
    private static final int MAX_INFORMATIONAL = 32;

    private enum Phase {
        IDLE, // nothing is awaited
        HEAD, // one is being read, or awaited
        BODY, // one is being read
        TUNNEL // what comes is delivered as it is
    }

    private final PoolNotices notices;
    private final ResponseReader reader;
    private final BodyReader body;
    private Phase phase = Phase.IDLE;
    private @Nullable ClientExchange exchange;
    private int informationalHeads;
    private boolean isDraining;
    private boolean isClosing;
    private boolean channelIsGone;
    private boolean tunnelOutputIsShut;

    /**
     * Creates a connection.
     *
     * @param loop that of the channel
     * @param events hears of it
     */
    public Http1ClientConnection(LoopContext loop, ClientConnection.Events events, Http1Limits limits) {
        super(loop, limits);
        notices = new PoolNotices(this, events);
        reader = new ResponseReader(limits.head());
        body = new BodyReader(Direction.RESPONSE, limits);
    }

    // ---- What the pool asks.

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }

    @Override
    public int capacity() {
        return exchange == null && isUsable() && wire().context().channel().isActive() ? 1 : 0;
    }

    @Override
    public int activeStreams() {
        return exchange == null ? 0 : 1;
    }

    @Override
    public boolean isUsable() {
        return !isDraining && !isClosing && !isDisposed() && !inputHasEnded();
    }

    @Override
    public ClientStream open(ResponseListener listener) {
        if (capacity() == 0) {
            throw new IllegalStateException("capacity: 0 (expected: 1)");
        }
        ClientExchange opened = new ClientExchange(this, listener);
        exchange = opened;
        return opened;
    }

    @Override
    public void drain() {
        tellDraining();
        if (exchange == null) {
            closeInOrder("connection: drained");
        }
    }

    @Override
    public void close() {
        lose(new ProxyException(Kind.DRAINED, "connection: closed on this side"));
    }

    // ---- What comes.

    /** The head of a request is being written. */
    void expectResponse(Method method) {
        phase = Phase.HEAD;
        informationalHeads = 0;
        reader.next(method);
    }

    @Override
    boolean step(ByteBuf in) throws ProxyException {
        ClientExchange current = exchange;
        if (isClosing) {
            in.skipBytes(in.readableBytes());
            return false;
        }
        if (current == null || phase == Phase.IDLE || !current.isFlushed()) {
            throw Direction.RESPONSE.malformed(
                    "octets: " + in.readableBytes() + " that answer no request (expected: none)");
        }
        return switch (phase) {
            case IDLE -> false;
            case HEAD -> readHead(current, in);
            case BODY -> !current.isPaused() && readBody(current, in);
            case TUNNEL -> !current.isPaused() && readTunnel(current, in);
        };
    }

    private boolean readHead(ClientExchange current, ByteBuf in) throws ProxyException {
        if (!reader.read(in)) {
            return false;
        }
        ResponseHead head = reader.head();
        if (head.isInformational()) {
            if (++informationalHeads > MAX_INFORMATIONAL) {
                throw Direction.RESPONSE.malformed(
                        "informational heads: more than " + MAX_INFORMATIONAL + " (the limit)");
            }
            current.deliverInformational(head);
            reader.nextHead();
            return true;
        }
        boolean isSwitch = head.status() == 101;
        if (isSwitch && !current.agreesToSwitch(head, reader.namesUpgrade())) {
            throw Direction.RESPONSE.malformed(
                    "status: 101 (expected: one that was asked for, with the fields that agree to it)");
        }
        if (isSwitch || (current.isConnect() && head.status() >= 200 && head.status() < 300)) {
            beginTunnel(current, head);
            return true;
        }
        body.start(reader.framing());
        if (!reader.isKeepAlive() || body.isUntilClose() || current.mayBecomeTunnel()) {
            tellDraining();
        }
        boolean end = reader.framing().kind() == BodyKind.NONE;
        phase = end ? Phase.IDLE : Phase.BODY;
        current.deliverHead(head, end);
        if (end) {
            endResponse(current);
        }
        return true;
    }

    private void beginTunnel(ClientExchange current, ResponseHead head) {
        head.fields().remove(FieldName.CONTENT_LENGTH);
        phase = Phase.TUNNEL;
        current.beginTunnel();
        tellDraining();
        current.deliverHead(head, false);
    }

    private boolean readBody(ClientExchange current, ByteBuf in) throws ProxyException {
        BodyReader.Step step = body.next(in);
        if (step == BodyReader.Step.STARVED) {
            return false;
        }
        if (step == BodyReader.Step.PIECE) {
            current.deliver(takePiece(body, in), false);
            return true;
        }
        phase = Phase.IDLE;
        if (step == BodyReader.Step.TRAILERS) {
            current.deliverTrailers(body.trailers());
        } else {
            current.deliver(step == BodyReader.Step.END ? Unpooled.EMPTY_BUFFER : takePiece(body, in), true);
        }
        endResponse(current);
        return true;
    }

    private boolean readTunnel(ClientExchange current, ByteBuf in) {
        current.deliver(takeInput(in), false);
        return true;
    }

    /** The response has been delivered. */
    private void endResponse(ClientExchange ended) {
        if (exchange != ended) {
            return;
        }
        exchange = null;
        ended.end();
        if (!ended.requestEnded()) {
            // The endpoint might take the rest for another request, or might wait for it: it cannot be told which.
            closeInOrder("connection: the response ended before its request");
            return;
        }
        if (hasInput()) {
            closeInOrder("connection: octets followed the response");
            return;
        }
        if (!isUsable()) {
            closeInOrder("connection: not to be used again");
            return;
        }
        notices.capacity();
    }

    @Override
    boolean wantsInput() {
        ClientExchange current = exchange;
        return current == null || phase == Phase.HEAD || !current.isPaused();
    }

    void resume(ClientExchange current) {
        if (exchange == current && !isDisposed()) {
            consume();
        }
    }

    @Override
    void refuse(ProxyException refusal) {
        lose(refusal);
    }

    @Override
    void endInput() {
        conclude();
        if (channelIsGone) {
            finish();
        }
    }

    /** Makes of the end of what comes what it means to the exchange under way. */
    private void conclude() {
        ClientExchange current = exchange;
        if (current == null) {
            closeInOrder("endpoint: closed the connection");
            return;
        }
        if (phase == Phase.TUNNEL && isInputWhole()) {
            current.deliver(Unpooled.EMPTY_BUFFER, true);
            forgetTunnelIfOver(current);
            closeTunnelIfOver();
            return;
        }
        if (phase == Phase.BODY && body.isUntilClose() && isInputWhole()) {
            phase = Phase.IDLE;
            current.deliver(Unpooled.EMPTY_BUFFER, true);
            endResponse(current);
            return;
        }
        loseForWantOfInput(current);
    }

    private void loseForWantOfInput(ClientExchange current) {
        boolean nothingCame =
                phase == Phase.IDLE || (phase == Phase.HEAD && informationalHeads == 0 && !reader.hasBegun());
        lose(current.lossOfInput(nothingCame, failure()));
    }

    // ---- What goes.

    void endTunnelOutput(ClientExchange tunnel) {
        forgetTunnelIfOver(tunnel);
        shutdownOutput(() -> {
            tunnelOutputIsShut = true;
            closeTunnelIfOver();
        });
    }

    /** Lets go of a tunnel whose halves have both ended: there is nobody to tell of what still happens to the last octets. */
    private void forgetTunnelIfOver(ClientExchange tunnel) {
        if (exchange == tunnel && tunnel.requestEnded() && tunnel.responseEnded()) {
            exchange = null;
            tunnel.end();
        }
    }

    private void closeTunnelIfOver() {
        if (exchange == null && tunnelOutputIsShut) {
            closeInOrder("connection: the tunnel has ended");
        }
    }

    @Override
    void giveUpWaiting() {
        throw new IllegalStateException("wait: of an endpoint's connection (expected: none, the caller decides on it)");
    }

    @Override
    void giveUpWriting() {
        lose(new ProxyException(Kind.IDLE_TIMEOUT, "endpoint: took nothing of the request for too long"));
    }

    @Override
    void writable() {
        ClientExchange current = exchange;
        if (current != null) {
            current.tellWritable();
        }
    }

    // ---- The end.

    private void tellDraining() {
        isDraining = true;
        notices.draining();
    }

    /** Closes a connection that carries nothing. */
    private void closeInOrder(String why) {
        if (isClosing || isDisposed()) {
            return;
        }
        isClosing = true;
        notices.closing(new ProxyException(Kind.UPSTREAM_CLOSED, Delivery.UNPROCESSED, why, failure()));
        dispose();
        if (channelIsGone) {
            notices.closed();
        } else {
            Hangup.closeNow(wire().context());
        }
    }

    @Override
    void lose(ProxyException reason) {
        ClientExchange current = exchange;
        cut(reason);
        if (current != null) {
            current.fail(reason);
        }
    }

    /** Cuts the connection; the exchange hears nothing. */
    void abandon(String why) {
        cut(new ProxyException(Kind.UPSTREAM_CLOSED, why));
    }

    private void cut(ProxyException reason) {
        notices.closing(reason);
        exchange = null;
        dispose();
        if (channelIsGone) {
            notices.closed();
        } else {
            Hangup.cut(wire().context().channel());
        }
    }

    @Override
    void endChannel() {
        channelIsGone = true;
        if (!isDisposed()) {
            output().close();
            consume();
        }
        boolean restIsWanted = exchange != null && hasInput();
        if (!restIsWanted) {
            finish();
        }
    }

    /** The channel is closed, and nothing that came by it is left. */
    private void finish() {
        ClientExchange current = exchange;
        if (current != null) {
            loseForWantOfInput(current);
        }
        dispose();
        notices.closed();
    }
}
