package io.lb4j.exchange;

import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.model.Endpoint;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One request with its response, as filters, policies and observers see it. Confined to {@link #eventLoop()}; valid until it has ended.
 */
public interface Exchange {
    /** Returns a number that is unique in this process. */
    long id();

    /** Returns the connection that the request came by. */
    ConnectionInfo connection();

    /**
     * Returns the client's address, so far as it is known: the connection's; or, where that is a proxy whose word is believed
     * ({@link io.lb4j.model.Forwarding#TRUSTED_PROXIES}), the last one in {@code X-Forwarded-For} that is not such a proxy. Empty where the
     * connection has no IP address. By default the connection's.
     */
    default Optional<InetAddress> clientAddress() {
        return connection().remoteAddress() instanceof InetSocketAddress inet
                ? Optional.ofNullable(inet.getAddress())
                : Optional.empty();
    }

    /** Returns the event loop that everything about this exchange happens on. */
    EventLoop eventLoop();

    /** Returns the head of the request; live: a filter may change it before it is forwarded. */
    RequestHead request();

    /** Returns the head of the response once it is there; live until it has been written. */
    Optional<ResponseHead> response();

    /** Returns the name of the route that was chosen. */
    Optional<String> route();

    /** Returns the name of the cluster that was chosen. */
    Optional<String> cluster();

    /** Returns the endpoint of the present try, or of the last one. */
    Optional<Endpoint> endpoint();

    /** Returns how many tries were begun. */
    int tries();

    /**
     * Returns whether the client has not asked for this: a plugin has had the response pushed to it ({@link io.lb4j.spi.FilterExchange#push}). By default it has
     * asked.
     */
    default boolean isPush() {
        return false;
    }

    /** Returns when the exchange began, of {@link System#nanoTime()}. */
    long startNanos();

    /** Returns what was kept under a key. */
    <T> Optional<T> attribute(AttributeKey<T> key);

    /** Keeps a value under a key until the exchange has ended. */
    <T> void attribute(AttributeKey<T> key, T value);
}
