package io.lb4j.http3;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.netty.handler.codec.http3.DefaultHttp3CancelPushFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3PushStreamServerInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.List;

/**
 * What a client is sent without having asked (RFC 9114 §4.6): as much as it allows, and as the configuration does. The codec's own bookkeeping is not used: it keeps
 * every push for as long as the connection lasts, and ends one that is cancelled as if it were whole. Confined to the event loop.
 */
final class Pushes {

    private final Http3ServerConnection connection;
    private final Http3Plan plan;
    private final QuicChannel channel;
    private final int most;
    private final LongObjectMap<Promised> waiting = new LongObjectHashMap<>(); // for their streams
    private final LongObjectMap<Http3PushStream> open = new LongObjectHashMap<>();
    private long nextId;
    private long firstBarred; // by MAX_PUSH_ID, or by the client's GOAWAY
    private boolean clientLeaves;

    /**
     * What was promised.
     *
     * @param request what the client need not ask any more
     */
    record Promised(long pushId, RequestHead request) {}

    Pushes(Http3ServerConnection connection, Http3Plan plan, QuicChannel channel) {
        this.connection = connection;
        this.plan = plan;
        this.channel = channel;
        most = plan.settings().value(Http3Options.MAX_PUSHES);
    }

    boolean isEmpty() {
        return waiting.isEmpty() && open.isEmpty();
    }

    /**
     * Promises the response to a request; it is submitted when the present call is over.
     *
     * @param frames of the response that the promise belongs to
     * @return whether it was promised
     */
    boolean promise(ResponseFrames frames, RequestHead request) {
        int promised = waiting.size() + open.size();
        if (promised >= most
                || nextId >= firstBarred
                || !connection.isSettled()
                || channel.peerAllowedStreams(QuicStreamType.UNIDIRECTIONAL) <= waiting.size()
                || !frames.promise(nextId, request)) {
            return false;
        }
        Promised next = new Promised(nextId++, request.copy());
        waiting.put(next.pushId(), next);
        plan.figures().count(Figure.PUSHES);
        plan.figures().count(Figure.PUSHES_OPEN);
        channel.eventLoop().execute(() -> begin(next));
        return true;
    }

    private void begin(Promised promised) {
        if (!waiting.containsKey(promised.pushId())) {
            return; // cancelled already, or the connection has ended
        }
        channel.createStream(QuicStreamType.UNIDIRECTIONAL, new Http3PushStreamServerInitializer(promised.pushId()) {
                    @Override
                    protected void initPushStream(QuicStreamChannel opened) {
                        onOpened(promised, opened);
                    }
                })
                .addListener(created -> submit(promised.pushId()));
    }

    private void onOpened(Promised promised, QuicStreamChannel opened) {
        waiting.remove(promised.pushId());
        open.put(promised.pushId(), new Http3PushStream(connection, promised, opened));
    }

    private void submit(long pushId) {
        Http3PushStream stream = open.get(pushId);
        if (stream != null) {
            connection.requests().submit(stream);
        } else if (waiting.containsKey(pushId)) {
            takeBack(pushId);
        }
    }

    /** There is no stream for what was promised: the client is not to wait for it. */
    private void takeBack(long pushId) {
        QuicStreamChannel control = Http3.getLocalControlStream(channel);
        if (control != null) {
            control.writeAndFlush(new DefaultHttp3CancelPushFrame(pushId));
        }
        onGone(pushId);
    }

    /** A push is over. */
    void onGone(long pushId) {
        boolean wasWaiting = waiting.remove(pushId) != null;
        if (open.remove(pushId) != null || wasWaiting) {
            plan.figures().add(Figure.PUSHES_OPEN, -1);
            connection.onStreamsFewer();
        }
    }

    // ---- What the client says

    /** MAX_PUSH_ID has come; the codec has seen to it that it is no less than before. */
    void onMaxPushId(long pushId) {
        if (!clientLeaves) {
            firstBarred = pushId + 1;
        }
    }

    /** GOAWAY has come: the client takes no push from this one on (RFC 9114 §5.2). */
    void onGoAway(long pushId) {
        clientLeaves = true;
        firstBarred = Math.min(firstBarred, pushId);
    }

    /** CANCEL_PUSH has come. */
    void onCancel(long pushId) {
        if (pushId >= nextId) { // RFC 9114 §7.2.3: not promised
            connection.earlyEnd().forFault(Http3ErrorCode.H3_ID_ERROR);
            return;
        }
        Http3PushStream stream = open.get(pushId);
        if (stream != null) {
            onUnwanted(stream, new ProxyException(Kind.CLIENT_GONE, "push cancelled by the client"));
        } else if (waiting.containsKey(pushId)) {
            plan.figures().count(Figure.PUSHES_CANCELLED);
            onGone(pushId);
        }
    }

    /** The client does not want a push that is under way. */
    void onUnwanted(Http3PushStream stream, ProxyException why) {
        plan.figures().count(Figure.PUSHES_CANCELLED);
        stream.fail(why.withResetCode(ResetCode.CANCEL));
    }

    /** The client says how urgent a push is (RFC 9218 §7.2); of one that is over it means nothing. */
    void onPriority(long pushId, Priority priority) {
        if (pushId < 0 || pushId >= nextId) {
            connection.earlyEnd().forFault(Http3ErrorCode.H3_ID_ERROR);
            return;
        }
        Http3PushStream stream = open.get(pushId);
        if (stream != null) {
            stream.priority().onUpdate(priority);
        }
    }

    // ---- With the connection

    private List<Http3PushStream> streams() {
        return List.copyOf(open.values());
    }

    void onWritable() {
        streams().forEach(Http3PushStream::onOutputWritable);
    }

    /** Ends those of which the client has taken nothing for too long. */
    void judge(long nowNanos) {
        long writeNanos = plan.writeNanos();
        streams().forEach(stream -> stream.judge(nowNanos, writeNanos));
    }

    /** The connection has ended. */
    void fail(ProxyException lost) {
        streams().forEach(stream -> stream.fail(lost));
        List.copyOf(waiting.keySet()).forEach(this::onGone);
    }
}
