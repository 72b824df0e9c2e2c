package io.lb4j.spi;

import io.lb4j.exchange.Exchange;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.stats.AccessRecord;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * An exchange as a filter handles it. Confined to the exchange's event loop, but for {@link #resumeRequest}, {@link #resumeResponse} and
 * {@link #reply}, which may be called from anywhere and take effect on the loop. After the exchange has ended these three are void, and the
 * heads, whose memory is used again, cannot be had any longer: {@link #request} and {@link #response} then throw
 * {@link IllegalStateException}.
 */
public interface FilterExchange extends Exchange {
    /** Returns the position of the exchange's event loop in {@link PluginContext#eventLoops()}. */
    int loop();

    /** Lets a request go on that this filter has paused. Idempotent. */
    void resumeRequest();

    /** Lets a response go on that this filter has paused. Idempotent. */
    void resumeResponse();

    /**
     * Answers in the endpoint's place. The filters that have been entered, and have not seen a response yet, see the answer on its way out. A
     * request goes no further; a response that an endpoint has begun is dropped. Once the head of a response has been written, the stream is
     * reset instead. From within a callback it takes effect when the callback returns, whatever that returns.
     *
     * @param head copied; where there is a body its {@code content-length} is set to what there is
     * @param body taken over; may be empty
     * @throws IllegalArgumentException if the status is below 200
     */
    void reply(ResponseHead head, ByteBuf body);

    /**
     * Gives a request that has no body one, of which the filters behind this one are told. Its {@code content-length} is set. To be called by {@link Filter#onRequestHead} where the
     * request ends with its head, and is no tunnel; the second time takes the place of the first.
     *
     * @param body taken over
     * @throws IllegalStateException at any other time
     */
    void giveBody(ByteBuf body);

    /**
     * Says that this filter has failed outside of a callback, which may have paused the exchange: what then happens is what happens when a callback throws. The filter
     * takes no further part, but is told of the end. To be called on the exchange's event loop; after the end it is void.
     *
     * @param fault counted and logged as if it had been thrown
     */
    void fail(Throwable fault);

    /**
     * Has the route chosen again, after the head was changed. Once, and only before an endpoint has been chosen. The exchange keeps the chain
     * that it began with. Where no route matches the exchange ends with 404.
     *
     * @throws IllegalStateException if it is too late, or the second time, or this is not the exchange's event loop
     */
    void clearRoute();

    /**
     * Puts the fields that tell endpoints of the client, as {@link io.lb4j.model.Forwarding} says, among those of the request now, instead of when the request is
     * forwarded: for filters that look at them. What this filter and those behind it make of them is what endpoints see. {@link #clientAddress()} stays what it is. The
     * second time, once the request has been forwarded, and after the end it is void.
     *
     * @throws IllegalStateException if this is not the exchange's event loop
     */
    void tellOfClient();

    /**
     * Returns the request, without its body, as its route would forward it now: rewritten, with the fields that tell of the client, to the
     * cluster that the route chooses. It is for a {@linkplain ClusterClient call} beside the exchange, which goes on, or is answered, as if
     * there were none. Empty where the route answers itself or forwards to a part of a cluster, and once the request has been forwarded or
     * answered.
     *
     * @throws IllegalStateException if this is not the exchange's event loop
     */
    Optional<ClusterRequest> forwarded();

    /**
     * Has the response to another request pushed to the client, which has not asked for it yet (RFC 9114 §4.6). The request is promised on this exchange's stream, and
     * goes its way as if the client had made it, in an exchange of its own ({@link Exchange#isPush}): routed, filtered, balanced and recorded. What the client makes of
     * the response is the client's affair.
     *
     * <p>Only clients of HTTP/3 get it that have said that they take pushes (MAX_PUSH_ID), and only where the listener allows pushes: {@code max_pushes} is 0 by
     * default. Browsers take none any more. HTTP/1.1 knows no push, and that of HTTP/2 is deprecated (RFC 9113 §8.4) and not offered. Nothing is pushed in exchanges that are
     * pushes themselves, in those that have ended or whose response is whole, in tunnels, before the handshake is over, and while the connection drains.
     *
     * @param request a request without a body; copied, with all its fields, which are those that the client would send. Where it names no authority that of this exchange's
     *     request is meant, as the client has sent it, and no other may be named
     * @return whether it was promised; otherwise nothing happens
     * @throws IllegalArgumentException if the method is neither GET nor HEAD, or the request asks for another protocol or says that it has a body
     * @throws IllegalStateException if this is not the exchange's event loop
     */
    boolean push(RequestHead request);

    /**
     * Returns how the exchange went.
     *
     * @throws IllegalStateException outside of {@link Filter#onEnd}
     */
    AccessRecord access();
}
