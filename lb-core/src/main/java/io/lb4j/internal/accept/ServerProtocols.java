package io.lb4j.internal.accept;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.internal.codec.ServerConnection;
import io.lb4j.internal.loop.LoopContext;
import io.netty.channel.Channel;

/**
 * Makes the codec of a connection, once it is known which protocol the client speaks. Called on the connection's event loop.
 *
 * <p>A method adds its handler to the end of the channel's pipeline before it returns. The channel is active by then and says so no
 * more: the handler begins in {@code handlerAdded}. What the client has sent already is read by it afterwards.
 */
public interface ServerProtocols {
    /** Adds the codec of HTTP/1.1. */
    ServerConnection http1(Channel channel, LoopContext loop, ConnectionInfo connection);

    /** Adds the codec of HTTP/2; the client's preface is still to be read by it. */
    ServerConnection http2(Channel channel, LoopContext loop, ConnectionInfo connection);
}
