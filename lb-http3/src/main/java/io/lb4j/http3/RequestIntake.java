package io.lb4j.http3;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.Fields;
import io.lb4j.http.ResetCode;
import io.lb4j.spi.RequestReceiver;
import io.netty.handler.codec.http3.Http3Headers;
import org.jspecify.annotations.Nullable;

/** Reads and judges the requests of a connection, and submits them. Confined to the event loop. */
final class RequestIntake {
    private final Http3Loop loop;
    private final ConnectionInfo info;
    private final Conduct conduct;
    private final PriorityUpdates priorities;
    private @Nullable RequestReceiver receiver; // made with the first request

    RequestIntake(Http3Loop loop, ConnectionInfo info, Conduct conduct, PriorityUpdates priorities) {
        this.loop = loop;
        this.info = info;
        this.conduct = conduct;
        this.priorities = priorities;
    }

    private RequestReceiver receiver() {
        RequestReceiver known = receiver;
        if (known == null) {
            known = loop.plan().context().receiver(info, loop.eventLoop());
            receiver = known;
        }
        return known;
    }

    /**
     * Reads and judges the head of a request; one that is refused is submitted as such.
     *
     * @return whether the request is to be submitted
     */
    boolean readHead(Http3ServerStream stream, Http3Headers headers) {
        RequestReader reader = loop.requests();
        reader.read(headers, stream.head());
        stream.input().memory().onHead(reader.octets());
        ProxyException refusal = reader.refusal(loop.plan().listener().limits());
        if (refusal != null) {
            stream.input().discard();
            receiver().onRefusal(stream, stream.head(), refusal);
            return false;
        }
        String fault = reader.fault();
        if (fault != null) {
            refuseMalformed(stream, fault);
            return false;
        }
        return true;
    }

    /** Resets the stream, and submits it for the record: what is written to it is ignored. */
    void refuseMalformed(Http3ServerStream stream, String fault) {
        stream.reset(ResetCode.MESSAGE_ERROR);
        conduct.onResetProvoked();
        receiver()
                .onRefusal(
                        stream,
                        stream.head(),
                        new ProxyException(Kind.MALFORMED_REQUEST, Delivery.UNPROCESSED, fault, null));
    }

    /** The head of a request did not come in time. */
    void refuseLate(Http3ServerStream stream) {
        stream.input().giveUpHead();
        receiver()
                .onRefusal(
                        stream,
                        stream.head(),
                        new ProxyException(
                                Kind.REQUEST_TIMEOUT, Delivery.UNPROCESSED, "request head: not ended in time", null));
    }

    void submit(Http3ServerStream stream, boolean end) {
        priorities.onRequest(stream);
        stream.handedOver(receiver().onRequest(stream, stream.head(), end));
    }

    /** Submits a request that the client was promised the response to. */
    void submit(Http3PushStream push) {
        push.priority().onRequest(push.head().fields(), null);
        push.handedOver(receiver().onRequest(push, push.head(), true));
    }

    /** Returns the one list that trailers are read into. */
    Fields trailers() {
        return loop.trailers();
    }

    /** Returns why trailers are refused, or null. */
    @Nullable ProxyException trailersTooLarge(Http3Headers headers) {
        return loop.requests().trailersTooLarge(headers, loop.plan().listener().limits());
    }

    @Nullable String readTrailers(Http3Headers headers, Fields trailers) {
        return FieldSections.readTrailers(headers, trailers, loop.field());
    }

    /** The connection has ended. */
    void onConnectionEnded() {
        RequestReceiver last = receiver;
        if (last != null) {
            last.onConnectionEnded();
        }
    }
}
