package io.lb4j.internal.proxy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.exchange.Stage;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.snapshot.ClusterEntry;
import io.lb4j.internal.snapshot.FilterRun;
import io.lb4j.internal.snapshot.ListenerRules;
import io.lb4j.internal.snapshot.Outcome;
import io.lb4j.internal.snapshot.RouteAction;
import io.lb4j.internal.snapshot.RouteEntry;
import io.lb4j.internal.snapshot.Snapshot;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ServerStream;
import io.lb4j.spi.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request with its response, from head to end. Its methods stand in the order of an exchange's life. Confined to the connection's
 * event loop.
 */
final class ProxyExchange extends ExchangeFacts implements StreamListener {
    private static final int SWITCHING_PROTOCOLS = 101;

    private final LoopRuntime runtime;
    private @Nullable Snapshot snapshot; // until it is known what to do: a stream of days keeps no past one
    final ListenerRules listener;
    private final ExchangeDeadline deadline;
    private @Nullable FilterRun filters; // where there are any
    boolean isEarly; // sent before the handshake was over

    @Nullable ToldClient told; // once the fields that tell of the client are there, before the request is forwarded

    private boolean rematched;
    private boolean failing; // a failure is being answered, through the filters
    private boolean usesEndpointHost;
    private boolean ended;

    ProxyExchange(Conductor conductor, ServerStream stream, RequestHead request, boolean end) {
        super(conductor, stream, request, end);
        this.runtime = conductor.runtime();
        Snapshot current = runtime.snapshots().current();
        this.snapshot = current;
        this.listener = conductor.listener(current).rules();
        this.deadline = new ExchangeDeadline(this, runtime.loop().timer());
    }

    @Override
    public Optional<InetAddress> clientAddress() {
        return told != null
                ? told.address()
                : ForwardedFor.client(
                        super.clientAddress(),
                        request.fields(),
                        listener.forwarding().trustedProxies());
    }

    // ---- the request's head ----

    void begin() {
        listener.traffic().began(runtime.loop().index());
        runtime.reached(this, Stage.DECODED);
        guarded(this::matchRoute);
    }

    /** Answers a request that the protocol refused. */
    void refuse(ProxyException refusal) {
        listener.traffic().began(runtime.loop().index());
        fail(refusal);
    }

    @FunctionalInterface
    interface Step {
        void take() throws ProxyException;
    }

    /** Takes a step; what it throws ends the exchange. */
    void guarded(Step step) {
        try {
            step.take();
        } catch (ProxyException refused) {
            fail(refused);
        } catch (RuntimeException fault) {
            Faults.log(this, fault);
            fail(new ProxyException(Kind.INTERNAL_FAULT, "a stage failed"));
        }
    }

    private void matchRoute() throws ProxyException {
        RequestScreen.requireServed(request, listener.maxBody());
        if (!conductor.mayServe(request.authority())) {
            throw new ProxyException(Kind.MISDIRECTED, "this connection's certificate is not for the host");
        }
        isEarly = !conductor.connection().isHandshakeComplete();
        if (isEarly && !request.method().isSafe()) {
            throw new ProxyException(Kind.TOO_EARLY, "somebody else may have sent it again");
        }
        RouteEntry matched = match();
        askedTarget = request.target();
        runtime.reached(this, Stage.ROUTED);
        if (!matched.filters().isEmpty()) {
            conductor.forwarding().screen(request.fields(), listener.forwarding());
            filters = matched.filters().start(new ChainSink(this), request);
        }
        if (filters == null) {
            act(requestLeg.isReceived());
        } else {
            filters.requestHead(requestLeg.isReceived());
        }
    }

    private RouteEntry match() throws ProxyException {
        RouteEntry matched = conductor.listener(requireSnapshot()).routes().match(request);
        route = matched;
        matched.traffic().began(runtime.loop().index());
        deadline.start(matched.times());
        return matched;
    }

    private Snapshot requireSnapshot() {
        Snapshot current = snapshot;
        if (current == null) {
            throw new IllegalStateException("snapshot: let go (expected: kept until the route is acted on)");
        }
        return current;
    }

    /** Chooses the route again, after a filter has changed the head. */
    void rematch() throws ProxyException {
        if (rematched || snapshot == null || route == null) {
            throw new IllegalStateException("clearRoute: too late, or the second time");
        }
        rematched = true;
        route.traffic().ended(runtime.loop().index(), this);
        deadline.stop();
        match();
    }

    /** Does what the route says: the filters, if any, have let the head through. */
    void act(boolean end) throws ProxyException {
        runtime.reached(this, Stage.FILTERED);
        RouteEntry matched = route;
        if (matched == null) {
            throw new IllegalStateException("route: none (expected: matched before)");
        }
        if (matched.action() instanceof RouteAction.Forward forward) {
            if (MaxForwards.endsHere(request)) {
                reply(new ResponseHead().status(204), Unpooled.EMPTY_BUFFER);
                return;
            }
            forward(matched, forward, end);
        } else if (matched.action() instanceof RouteAction.Answer answer) {
            snapshot = null;
            ResponseHead head = new ResponseHead();
            reply(head, answer.answer().answer(request, head));
        }
    }

    private void forward(RouteEntry matched, RouteAction.Forward forward, boolean end) throws ProxyException {
        ToldClient.prepare(this, request); // first: it tells of the host that was asked for
        forward.rewrite().rewrite(request);
        usesEndpointHost = forward.usesEndpointHost();
        String name = forward.clusters().choose();
        ClusterEntry chosen = requireSnapshot().clusters().get(name);
        snapshot = null;
        if (chosen == null) {
            throw new ProxyException(Kind.NO_ENDPOINT, "cluster: " + name + " (expected: in the snapshot)");
        }
        cluster = chosen;
        chosen.traffic().began(runtime.loop().index());
        requestLeg.open(matched.retries().keptBytes(), end);
        tries.start(this, chosen, chosen.picker(forward.subset()), matched.retries());
        if (!ended && !requestLeg.isReceived() && tries.stream() == null) {
            requestLeg.holdForEndpoint(true); // until there is somewhere to send it
        }
    }

    // ---- what comes from the client ----

    @Override
    public void onData(ByteBuf data, boolean end) {
        if (ended) {
            data.release();
            return;
        }
        touch();
        try {
            RequestScreen.requireAllowed(request, requestLeg.bytes() + data.readableBytes(), listener.maxBody());
        } catch (ProxyException tooLarge) {
            data.release();
            fail(tooLarge);
            return;
        }
        requestLeg.receive(data, end, filters, lastActivityNanos());
        endTunnelIfDone();
    }

    @Override
    public void onTrailers(Fields trailers) {
        if (!ended) {
            touch();
            requestLeg.receive(trailers, filters, lastActivityNanos());
            endTunnelIfDone();
        }
    }

    @Override
    public void onFailure(ProxyException reason) {
        if (!ended && (reason.kind() == Kind.CLIENT_GONE || reason.kind() == Kind.CLIENT_STALLED)) {
            failure = reason;
            responseLeg.forgo(StatusMapping.CLIENT_CLOSED_REQUEST);
            end();
        } else {
            fail(reason);
        }
    }

    @Override
    public void onWritable() {
        if (!ended && stream.isWritable()) {
            responseLeg.holdForClient(false);
        }
    }

    // ---- the tries ----

    void balanced() {
        runtime.reached(this, Stage.BALANCED);
    }

    /** A try has a way to its endpoint. */
    void tryReady(ClientStream upstream) {
        runtime.reached(this, Stage.CONNECTED);
        if (usesEndpointHost) {
            endpoint().ifPresent(chosen -> request.authority(chosen.authority()));
        }
        if (filters != null && !filters.maySendHead()) {
            fail(new ProxyException(Kind.PLUGIN_FAILED, "the head was changed after it had passed the filters"));
            return;
        }
        upstream.writeHead(request, requestLeg.isHeadOnly());
        if (!ended) {
            requestLeg.sendTo(upstream);
        }
    }

    /** A try has failed, and its books are closed. */
    void tryFailed(ProxyException reason) {
        if (!ended && (responseLeg.isBegun() || !tries.retryAfter(this, reason))) {
            fail(reason);
        }
    }

    // ---- what comes from the endpoint ----

    void informational(ResponseHead head) {
        touch();
        conductor.forwarding().prepare(head, listener.forwarding());
        stream.writeInformational(head);
    }

    void responseHead(Attempt attempt, ResponseHead head, boolean end) {
        runtime.reached(this, Stage.ANSWERED);
        if (tries.retryAfter(this, attempt, head.status())) {
            return;
        }
        touch();
        requestLeg.stopKeeping();
        isTunnel = head.status() == SWITCHING_PROTOCOLS;
        conductor.forwarding().prepare(head, listener.forwarding());
        responseLeg.receive(head, end, filters);
    }

    void responseData(ByteBuf data, boolean end) {
        touch();
        responseLeg.receive(data, end, filters);
    }

    void responseTrailers(Fields trailers) {
        touch();
        responseLeg.receive(trailers, filters);
    }

    // ---- the end ----

    /** Answers from here; the filters that have been entered see the answer. */
    void reply(ResponseHead head, ByteBuf content) {
        if (ended || responseLeg.isSent()) {
            content.release();
            fail(new ProxyException(Kind.PLUGIN_FAILED, "a reply came after the response had begun"));
            return;
        }
        localReply = true;
        tries.abandon(responseLeg.isBegun() ? Tries.outcomeOf(responseLeg.status()) : Outcome.CANCELLED);
        if (filters != null) {
            filters.answeredHere();
        }
        LocalReply.sign(head.fields(), listener.forwarding());
        boolean empty = isHead || !content.isReadable();
        responseLeg.receive(head, empty, filters);
        if (empty || ended) {
            content.release();
        } else {
            responseLeg.receiveWhole(content, filters);
        }
    }

    @Override
    void returned() {
        firstByteNanos = System.nanoTime() - startNanos;
        runtime.reached(this, Stage.RETURNED);
    }

    @Override
    void responseEnded() {
        if (isTunnel) {
            endTunnelIfDone();
            return;
        }
        tries.settle(this, responseLeg.status());
        end();
    }

    private void endTunnelIfDone() {
        if (isTunnel && requestLeg.isReceived() && responseLeg.isEnded() && !ended) {
            tries.complete(Outcome.SUCCESS);
            end();
        }
    }

    /**
     * Ends the exchange with an answer made here, which the filters that have been entered see, or, where the response has begun, in such a
     * way that nobody takes it for whole.
     */
    void fail(ProxyException reason) {
        if (ended) {
            return;
        }
        if (failure == null) {
            failure = reason;
        }
        if (responseLeg.isSent()) {
            responseLeg.cut(StatusMapping.resetCodeOf(reason));
            end();
            return;
        }
        ResponseHead head = new ResponseHead();
        ByteBuf body = LocalReply.fill(head, request, reason, listener.forwarding());
        if (filters == null || failing) {
            localReply = true;
            responseLeg.beginLocal(StatusMapping.statusOf(reason.kind()));
            conductor.altSvc().addTo(head);
            LocalReply.write(stream, head, body, isHead);
            end();
        } else {
            failing = true;
            reply(head, body);
        }
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        snapshot = null;
        deadline.stop();
        tries.abandon(StatusMapping.abandonCodeOf(failure), Outcome.CANCELLED);
        responseLeg.close();
        requestLeg.close();
        durationNanos = System.nanoTime() - startNanos;
        endFilters();
        Books.enter(this, listener, runtime);
    }

    /** Tells the filters; those too that look at exchanges that came to no route. */
    private void endFilters() {
        FilterRun run = filters;
        if (run == null && route == null && !listener.filters().isEmpty()) {
            run = listener.filters().startAtEnd(new ChainSink(this), request);
        }
        if (run != null) {
            run.end();
        }
    }

    // ---- what the deadline asks ----

    boolean isEnded() {
        return ended;
    }
}
