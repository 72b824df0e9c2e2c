package io.lb4j.internal.codec.http2;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.http.FieldName;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ResponseListener;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection to an endpoint that speaks HTTP/2 (RFC 9113), over TLS or with prior knowledge: the only handler of its channel behind
 * TLS. Streams may be opened as soon as it is in an active channel; until the endpoint's SETTINGS come, its limit is taken to be 100
 * streams, and a stream that it then refuses fails as unprocessed.
 *
 * <p>A request to switch protocols becomes an extended CONNECT (RFC 8441), once the endpoint has said that it knows it; if it does not,
 * the stream fails as unprocessed with {@link ResetCode#HTTP_1_1_REQUIRED}. Confined to its event loop.
 */
public final class Http2ClientConnection extends Http2Connection implements ClientConnection {
    private final Events events;
    private final ResponseSink responses = new ResponseSink();
    private final TrailerSink trailers = new TrailerSink();
    private final List<Http2ClientStream> unsent = new ArrayList<>(); // opened, without an id yet

    private final SpareHeads<ResponseHead> heads = new SpareHeads<>(ResponseHead::new, ResponseHead::clear);

    private int nextStream = 1; // negative once all ids are used up
    private int active;
    private long idleSinceNanos = System.nanoTime(); // meaningful while no stream is open
    private boolean draining;

    /**
     * Creates the handler of a connection.
     *
     * @param loop the context of the channel's event loop
     * @param events hears of capacity and of the end
     */
    public Http2ClientConnection(LoopContext loop, Events events, Http2Limits limits) {
        super(loop, limits, Role.CLIENT);
        this.events = events;
    }

    // ---- ClientConnection

    @Override
    public Version version() {
        return Version.HTTP_2;
    }

    @Override
    public int capacity() {
        int most = Math.min(peer().maxConcurrentStreams(), limits().streams().maxConcurrent());
        return isUsable() ? Math.max(0, most - active) : 0;
    }

    @Override
    public int activeStreams() {
        return active;
    }

    @Override
    public boolean isUsable() {
        return isOpen() && !draining;
    }

    @Override
    public ClientStream open(ResponseListener listener) {
        if (capacity() == 0) {
            throw new IllegalStateException("capacity: 0 (expected: > 0); active streams: " + active);
        }
        Http2ClientStream stream = new Http2ClientStream(this, listener);
        unsent.add(stream);
        active++;
        return stream;
    }

    @Override
    public void drain() {
        if (!isUsable()) {
            return;
        }
        beginDrain();
        if (active == 0) {
            finishDrain();
        }
    }

    @Override
    public void close() {
        if (isOpen()) {
            end(ErrorCode.NO_ERROR, new ProxyException(Kind.DRAINED, "connection closed by this side"));
            closeChannel();
        }
    }

    private void beginDrain() {
        if (!draining) {
            draining = true;
            events.onDraining(this);
        }
    }

    @Override
    void finishDrain() {
        if (isOpen()) {
            writer().goAway(0, ErrorCode.NO_ERROR, "");
            closeWhenDone(new ProxyException(Kind.DRAINED, "drained"));
        }
    }

    // ---- Requests

    /** Gives a stream its id, with which it is open; returns whether there was one. */
    boolean assignId(Http2ClientStream stream) {
        if (nextStream < 0) {
            failUnprocessed(stream, "stream ids are used up");
            return false;
        }
        unsent.remove(stream);
        stream.open(nextStream);
        nextStream += 2;
        if (active == 1) {
            probeAfterIdleness();
        }
        if (nextStream < 0) { // RFC 9113 §5.1.1: ids are not used again
            beginDrain();
        }
        return true;
    }

    /** What vanished without a word while nothing was asked of it is not to keep requests waiting for as long as a slow answer may. */
    private void probeAfterIdleness() {
        long idleNanos = System.nanoTime() - idleSinceNanos;
        if (idleNanos >= limits().probe().idle().toNanos()) {
            writer().ping(false, idleNanos);
            watch().onProbe();
        }
    }

    /** The endpoint does not know extended CONNECT: the request has to be made in another way. */
    void refuseUpgrade(Http2ClientStream stream) {
        streams()
                .abort(
                        stream,
                        ErrorCode.CANCEL,
                        refused("extended CONNECT: not offered by the endpoint")
                                .withResetCode(ResetCode.HTTP_1_1_REQUIRED));
    }

    private static ProxyException refused(String message) {
        return new ProxyException(Kind.UPSTREAM_REFUSED, Delivery.UNPROCESSED, message, null);
    }

    @Override
    void onPeerSettings(boolean isFirst) {
        if (isFirst) {
            for (Http2ClientStream stream : List.copyOf(unsent)) {
                stream.sendHeld();
            }
        }
        tellCapacity();
    }

    private void tellCapacity() {
        if (capacity() > 0) {
            events.onCapacity(this);
        }
    }

    // ---- Responses

    @Override
    void onHeaderBlock(HeaderBlock block) throws Http2Error {
        Http2ClientStream stream = (Http2ClientStream) streams().find(block.streamId());
        if (stream == null) {
            onLateBlock(block);
            return;
        }
        if (stream.isReceiveEnded()) {
            decode(block, Http2ClientConnection::discard);
            throw Http2Error.stream(stream.id(), ErrorCode.STREAM_CLOSED, "HEADERS after END_STREAM");
        }
        if (stream.head() == null) {
            onResponse(stream, block);
        } else {
            onTrailers(stream, block);
        }
    }

    private void onLateBlock(HeaderBlock block) throws Http2Error {
        int id = block.streamId();
        if (isIdle(id)) {
            throw Http2Error.connection(ErrorCode.PROTOCOL_ERROR, "HEADERS on stream " + id + ", which is idle");
        }
        if (!streams().closed().toleratesFrames(id)) {
            throw Http2Error.connection(ErrorCode.STREAM_CLOSED, "HEADERS on stream " + id + ", which is closed");
        }
        abuse().onIdleFrame();
        decode(block, Http2ClientConnection::discard);
    }

    private void onResponse(Http2ClientStream stream, HeaderBlock block) throws Http2Error {
        ResponseHead head = heads.take();
        responses.begin(head);
        boolean fits = decode(block, responses);
        String fault = fits ? responses.fault() : tooLarge();
        boolean end = block.endsStream();
        long length = responses.contentLength();
        if (fault == null && head.isInformational() && end) {
            fault = "informational response with END_STREAM"; // RFC 9113 §8.1
        } else if (fault == null && head.isInformational() && !stream.takesInformational()) {
            fault = "informational responses: too many";
        }
        if (fault != null) {
            throw Http2Error.stream(stream.id(), ErrorCode.PROTOCOL_ERROR, fault);
        }
        if (head.isInformational()) {
            abuse().onIdleFrame();
            stream.listener().onInformational(head);
            heads.retire(head, head.fields());
            return;
        }
        abuse().onUsefulFrame();
        if (stream.isUpgrade() && head.status() < 300) { // RFC 8441 §5: what 101 is to HTTP/1.1
            head.status(101).fields().remove(FieldName.CONTENT_LENGTH);
        }
        stream.head(head, length);
        if (end) {
            if (!stream.isContentWhole()) {
                throw Http2Error.stream(
                        stream.id(), ErrorCode.PROTOCOL_ERROR, "content-length: " + length + " octets too few");
            }
            stream.receiveEnded();
        }
        stream.listener().onHead(head, end);
        if (end) {
            onHalfEnded(stream);
        }
    }

    private String tooLarge() {
        return RequestRefusal.sizeOf(decoder(), limits().heads());
    }

    private void onTrailers(Http2ClientStream stream, HeaderBlock block) throws Http2Error {
        trailers.begin();
        boolean fits = decode(block, trailers);
        String fault = fits ? trailers.fault() : tooLarge();
        if (!block.endsStream()) {
            fault = "second HEADERS without END_STREAM";
        } else if (!stream.isContentWhole()) {
            fault = "content-length: too few octets";
        }
        if (fault != null) {
            throw Http2Error.stream(stream.id(), ErrorCode.PROTOCOL_ERROR, fault);
        }
        stream.receiveEnded();
        stream.listener().onTrailers(trailers.trailers());
        onHalfEnded(stream);
    }

    // ---- The end of streams

    @Override
    void onHalfEnded(Http2Stream stream) {
        if (stream.isClosed() || !stream.isSendEnded() || !stream.isReceiveEnded()) {
            return;
        }
        stream.close();
        streams().remove(stream);
        abuse().onExchangeDone();
        ResponseHead head = ((Http2ClientStream) stream).head();
        if (head != null) {
            heads.retire(head, head.fields());
        }
    }

    @Override
    void onStreamReset(Http2Stream stream, long code) {
        Http2ClientStream reset = (Http2ClientStream) stream;
        reset.close();
        streams().remove(reset);
        if (reset.isReceiveEnded()) {
            return; // RFC 9113 §8.1: the response was whole, the rest of the request is not wanted
        }
        ResetCode known = ResetCode.fromHttp2(code);
        boolean unprocessed = reset.head() == null && known.saysUnprocessed();
        Kind kind = reset.head() == null ? Kind.UPSTREAM_RESET : Kind.UPSTREAM_TRUNCATED;
        reset.onFailed(new ProxyException(
                        unprocessed ? Kind.UPSTREAM_REFUSED : kind,
                        unprocessed ? Delivery.UNPROCESSED : Delivery.UNKNOWN,
                        "stream reset by the endpoint: " + ErrorCode.name(code),
                        null)
                .withResetCode(known));
    }

    @Override
    void onStreamGone(Http2Stream stream) {
        active--;
        if (stream.id() == 0) {
            unsent.remove(stream);
        }
        if (active == 0) {
            idleSinceNanos = System.nanoTime();
        }
        if (draining && active == 0) {
            finishDrain();
            return;
        }
        tellCapacity();
    }

    @Override
    void beforeFlush() {
        heads.onTurnEnd();
    }

    // ---- The connection

    @Override
    void writePreface(FrameWriter target) {
        target.preface(FrameReader.PREFACE);
        target.settings(
                PeerSettings.ENABLE_PUSH, 0,
                PeerSettings.INITIAL_WINDOW_SIZE, limits().windows().streamOctets(),
                PeerSettings.MAX_FRAME_SIZE, limits().windows().maxFrameOctets(),
                PeerSettings.MAX_HEADER_LIST_SIZE, limits().heads().maxListOctets());
    }

    @Override
    boolean isIdle(int streamId) {
        return (streamId & 1) == 0 || (nextStream > 0 && streamId >= nextStream);
    }

    @Override
    int lastPeerStream() {
        return 0;
    }

    @Override
    void onPeerGoAway(int lastStream, long code) {
        beginDrain();
        String message = "GOAWAY: " + ErrorCode.name(code) + ", last stream " + lastStream;
        for (Http2ClientStream stream : List.copyOf(unsent)) {
            failUnprocessed(stream, message);
        }
        for (Http2Stream stream : streams().snapshot()) {
            if (stream.id() > lastStream) {
                failUnprocessed(stream, message);
            }
        }
        if (active == 0) {
            finishDrain();
        }
    }

    private void failUnprocessed(Http2Stream stream, String message) {
        if (!stream.isClosed()) {
            stream.close();
            streams().remove(stream);
            stream.onFailed(refused(message));
        }
    }

    @Override
    void onPingAcknowledged(long opaque) {
        // any octet is the sign of life that was asked for
    }

    @Override
    void onIdleTimeout() {
        // how long an idle connection is kept is for the pool to say
    }

    @Override
    void onBodyTimeout(Http2Stream stream) {
        // how long a response may take is for the exchange to say
    }

    @Override
    void onEnded(ProxyException reason) {
        for (Http2ClientStream stream : List.copyOf(unsent)) {
            stream.fail(reason);
        }
        unsent.clear();
        active = 0;
        events.onClosed(this, reason);
    }

    private static void discard(
            byte[] octets, int nameStart, int nameLength, int valueStart, int valueLength, int facts) {
        // the fields of a stream that was given up
    }
}
