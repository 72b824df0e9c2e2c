package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicConnectionPathStats;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The client of a connection, as quiche knows it, which a {@link Detour} follows. Confined to the event loop. */
interface MovingClient {
    /** Returns how many packets of the connection have come that were genuine. */
    long packets();

    /** Returns how many packets of the connection quiche has sent. */
    long sent();

    /** Returns what quiche knows of a path, or null where it has none with that number. */
    @Nullable QuicConnectionPathStats path(int number);

    /** Returns whether the client has proven an address. */
    boolean isProven(InetSocketAddress address);

    /** Returns whether quiche can take the connection to another path. */
    boolean hasPathsLeft();

    /** The client has come to an address, which need not be proven. */
    void onArrived(InetSocketAddress at);
}
