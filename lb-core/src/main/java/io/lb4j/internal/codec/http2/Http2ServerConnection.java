package io.lb4j.internal.codec.http2;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.internal.codec.ServerConnection;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.RequestReceiver;
import io.lb4j.spi.StreamListener;
import java.util.ArrayList;
import java.util.List;

/**
 * A client's HTTP/2 connection (RFC 9113), over TLS or with prior knowledge: the only handler of its channel behind TLS. It is to see
 * all octets, the client's preface included.
 *
 * <p>A malformed request is reset and still submitted as a refusal, so that it is counted; its stream ignores what is written. A
 * request that is well formed but refused (too large, not served here) takes its answer. Extended CONNECT (RFC 8441) is offered.
 *
 * <p>When a request's body stalls, its listener hears of {@link Kind#REQUEST_TIMEOUT} and may still write one response. Confined to
 * its event loop.
 */
public final class Http2ServerConnection extends Http2Connection implements ServerConnection {
    private static final long DRAIN_PING = 0x6c62346a_64726169L; // tells our PING from any other

    private final ConnectionInfo info;
    private final RequestReceiver receiver;
    private final RequestSink requests;
    private final TrailerSink trailers = new TrailerSink();

    private final SpareHeads<RequestHead> heads = new SpareHeads<>(RequestHead::new, RequestHead::clear);
    private final List<Http2ServerStream> answeredEarly = new ArrayList<>();
    private int answeredBefore; // how many of them before the last flush

    private int lastStream; // the last one that the client has opened
    private int lastTaken; // the last one that was not refused for being too late
    private boolean draining; // the client was told to open no more
    private boolean drained; // the client was told which stream is the last

    /**
     * Creates the handler of a connection.
     *
     * @param loop the context of the channel's event loop
     * @param info what requests tell of their connection
     * @param receiver takes the requests
     */
    public Http2ServerConnection(LoopContext loop, ConnectionInfo info, RequestReceiver receiver, Http2Limits limits) {
        super(loop, limits, Role.SERVER);
        this.info = info;
        this.receiver = receiver;
        requests = new RequestSink(info.tls().isPresent() ? "https" : "http");
    }

    ConnectionInfo info() {
        return info;
    }

    // ---- ServerConnection

    @Override
    public void drain() {
        if (!isOpen() || draining) {
            return;
        }
        draining = true;
        // RFC 9113 §6.8: first a warning, so that what is on its way still finds us; the last stream is named a round
        // trip later.
        writer().goAway(FrameType.MAX_31_BITS, ErrorCode.NO_ERROR, "");
        writer().ping(false, DRAIN_PING);
        watch().onDrain();
        requestFlush();
    }

    @Override
    public void close() {
        if (isOpen()) {
            end(ErrorCode.NO_ERROR, new ProxyException(Kind.DRAINED, "connection closed by this side"));
            closeChannel();
        }
    }

    @Override
    void finishDrain() {
        watch().onDrained();
        if (!isOpen() || drained) {
            return;
        }
        drained = true;
        writer().goAway(lastTaken, ErrorCode.NO_ERROR, "");
        requestFlush();
        closeWhenDone(new ProxyException(Kind.DRAINED, "drained"));
    }

    @Override
    void onPingAcknowledged(long opaque) {
        if (draining && opaque == DRAIN_PING) {
            finishDrain();
        }
    }

    @Override
    void onIdleTimeout() {
        draining = true;
        finishDrain();
    }

    // ---- Requests

    @Override
    void onHeaderBlock(HeaderBlock block) throws Http2Error {
        int id = block.streamId();
        Http2Stream open = streams().find(id);
        if (open != null) {
            onTrailers((Http2ServerStream) open, block);
            return;
        }
        if ((id & 1) == 0) {
            throw Http2Error.connection(
                    ErrorCode.PROTOCOL_ERROR, "HEADERS on stream " + id + " (expected: an odd one)");
        }
        if (id > lastStream) {
            onRequest(id, block);
            return;
        }
        requireLate(id);
        decode(block, Http2ServerConnection::discard);
    }

    private void requireLate(int id) throws Http2Error {
        if (streams().closed().wasSkipped(id)) {
            throw Http2Error.connection(
                    ErrorCode.PROTOCOL_ERROR, "HEADERS on stream " + id + " (expected: > " + lastStream + ")");
        }
        if (!streams().closed().toleratesFrames(id)) {
            throw Http2Error.connection(ErrorCode.STREAM_CLOSED, "HEADERS on stream " + id + ", which is closed");
        }
        abuse().onIdleFrame();
    }

    private void onRequest(int id, HeaderBlock block) throws Http2Error {
        lastStream = id;
        streams().closed().onOpened(id);
        if (drained) { // RFC 9113 §6.8: the client knows that this one is not taken; the table must still follow
            decode(block, Http2ServerConnection::discard);
            streams().closed().onReset(id);
            abuse().onIdleFrame();
            return;
        }
        lastTaken = id;
        boolean isOneTooMany = streams().size() >= limits().streams().maxConcurrent();
        RequestHead head = heads.take();
        requests.begin(head);
        boolean fits = decode(block, requests);
        requests.finish();
        Http2ServerStream stream = new Http2ServerStream(this, head);
        if (isOneTooMany) {
            refuseUnprocessed(id, stream);
            return;
        }
        abuse().onUsefulFrame();
        String fault = block.dependsOnItself() ? "stream depends on itself" : requests.fault();
        long length = requests.contentLength();
        if (fault == null && fits && block.endsStream() && length > 0) {
            fault = "content-length: " + length + " octets too few";
        }
        if (fault != null && fits) {
            refuseMalformed(id, stream, fault);
            return;
        }
        open(stream, id, block.endsStream(), length);
        Http2Limits.Heads heads = limits().heads();
        ProxyException refusal = fits
                ? RequestRefusal.of(head, requests.isPlainConnect(), heads)
                : RequestRefusal.tooLarge(decoder(), heads);
        if (refusal != null) {
            stream.discard();
            receiver.onRefusal(stream, head, refusal);
            return;
        }
        submit(stream, head, block.endsStream());
    }

    private void open(Http2ServerStream stream, int id, boolean end, long contentLength) {
        stream.open(id);
        watch().onBusy();
        if (end) {
            stream.receiveEnded();
            return;
        }
        stream.contentLeft(stream.isUpgrade() ? -1 : contentLength);
        if (stream.awaitsBody()) {
            stream.awaitInput();
            watch().onBodyAwaited();
        }
    }

    private void submit(Http2ServerStream stream, RequestHead head, boolean end) {
        Fields fields = head.fields();
        if (fields.contains(FieldName.PRIORITY)) {
            stream.urgency(RequestSink.urgency(fields));
        }
        StreamListener listener = receiver.onRequest(stream, head, end);
        stream.handedOver(listener);
    }

    /** Resets the stream, and submits it for the record: what is written to it is ignored. */
    private void refuseMalformed(int id, Http2ServerStream stream, String fault) throws Http2Error {
        recordRefusal(stream, Kind.MALFORMED_REQUEST, fault);
        throw Http2Error.stream(id, ErrorCode.PROTOCOL_ERROR, fault);
    }

    private void refuseUnprocessed(int id, Http2ServerStream stream) throws Http2Error {
        String what = "streams: more than " + limits().streams().maxConcurrent();
        recordRefusal(stream, Kind.TOO_MANY_STREAMS, what);
        throw Http2Error.stream(id, ErrorCode.REFUSED_STREAM, what);
    }

    private void recordRefusal(Http2ServerStream stream, Kind kind, String what) {
        stream.close();
        receiver.onRefusal(stream, stream.head(), new ProxyException(kind, Delivery.UNPROCESSED, what, null));
    }

    private void onTrailers(Http2ServerStream stream, HeaderBlock block) throws Http2Error {
        trailers.begin();
        boolean fits = decode(block, trailers);
        if (stream.isReceiveEnded()) {
            throw Http2Error.stream(stream.id(), ErrorCode.STREAM_CLOSED, "HEADERS after END_STREAM");
        }
        String fault = fits ? trailers.fault() : "trailers: larger than allowed";
        if (!block.endsStream()) {
            fault = "second HEADERS without END_STREAM";
        } else if (block.dependsOnItself()) {
            fault = "stream depends on itself";
        } else if (!stream.isContentWhole()) {
            fault = "content-length: too few octets";
        }
        if (fault != null) {
            throw Http2Error.stream(stream.id(), ErrorCode.PROTOCOL_ERROR, fault);
        }
        stream.receiveEnded();
        if (!stream.isDiscarding()) {
            stream.listener().onTrailers(trailers.trailers());
        }
        onHalfEnded(stream);
    }

    // ---- The end of streams

    @Override
    void onHalfEnded(Http2Stream stream) {
        Http2ServerStream ended = (Http2ServerStream) stream;
        if (stream.isClosed() || !stream.isSendEnded()) {
            return;
        }
        if (stream.isReceiveEnded()) {
            stream.close();
            streams().remove(stream);
            abuse().onExchangeDone();
            heads.retire(ended.head(), ended.head().fields());
        } else if (!ended.isUpgrade()) {
            // Perhaps the rest of the request is in the octets that are being read; if not, it is not wanted.
            stream.discard();
            answeredEarly.add(ended);
            requestFlush(); // the present one may be past the point where these are reset
        }
    }

    @Override
    void beforeFlush() {
        for (int i = 0; i < answeredBefore; i++) {
            // RFC 9113 §8.1: the response is whole, so the request need not be
            streams().reset(answeredEarly.get(i), ErrorCode.NO_ERROR);
        }
        answeredEarly.subList(0, answeredBefore).clear();
        answeredBefore = answeredEarly.size();
        if (answeredBefore > 0) {
            // Not in one piece with the response: clients (curl 7.88) that hear of the reset while they send do not
            // look at what came before it.
            requestFlush();
        }
        heads.onTurnEnd();
    }

    @Override
    void onStreamReset(Http2Stream stream, long code) {
        stream.close();
        streams().remove(stream);
        stream.onFailed(new ProxyException(Kind.CLIENT_GONE, "stream reset by the client: " + ErrorCode.name(code))
                .withResetCode(ResetCode.fromHttp2(code)));
    }

    @Override
    void onStreamGone(Http2Stream stream) {
        if (streams().isEmpty()) {
            watch().onIdle();
            if (drained) {
                closeWhenDone(new ProxyException(Kind.DRAINED, "drained"));
            }
        }
    }

    @Override
    void onBodyTimeout(Http2Stream stream) {
        Http2ServerStream late = (Http2ServerStream) stream;
        if (late.isBodyLate()) {
            streams().reset(late, ErrorCode.CANCEL); // nobody has answered within the same time again
            return;
        }
        late.failBody(new ProxyException(
                Kind.REQUEST_TIMEOUT,
                "request body: nothing for " + limits().timeouts().bodyIdle()));
    }

    // ---- The connection

    @Override
    void writePreface(FrameWriter target) {
        target.settings(
                PeerSettings.MAX_CONCURRENT_STREAMS, limits().streams().maxConcurrent(),
                PeerSettings.INITIAL_WINDOW_SIZE, limits().windows().streamOctets(),
                PeerSettings.MAX_FRAME_SIZE, limits().windows().maxFrameOctets(),
                PeerSettings.MAX_HEADER_LIST_SIZE, limits().heads().maxListOctets(),
                PeerSettings.ENABLE_CONNECT_PROTOCOL, 1,
                PeerSettings.NO_RFC7540_PRIORITIES, 1);
        watch().onIdle();
    }

    @Override
    boolean isIdle(int streamId) {
        return (streamId & 1) == 0 || streamId > lastStream;
    }

    @Override
    int lastPeerStream() {
        return lastTaken;
    }

    @Override
    void onPeerSettings(boolean isFirst) {
        // they bind what is sent, and need no act here
    }

    @Override
    void onPeerGoAway(int lastStreamOfOurs, long code) {
        // We open no streams. The client has said that it will open no more: close when those under way are done.
        draining = true;
        finishDrain();
    }

    @Override
    void onEnded(ProxyException reason) {
        answeredEarly.clear();
        answeredBefore = 0;
    }

    private static void discard(
            byte[] octets, int nameStart, int nameLength, int valueStart, int valueLength, int facts) {
        // the fields of a stream that is not taken
    }
}
