package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Addresses that packets for connections come from and that no client has proven: three times as much as comes from one goes to it at the most (RFC 9000 §8.2, §9.3.1), or whoever
 * sends in the name of another could have a client's response sent there. quiche keeps to that; the codec does not, for it sends to whom it heard last, genuine or not, and goes on to do
 * so when quiche has given an address up.
 *
 * <p>Handshakes are left to quiche, which knows when their client has proven its address. Stands next to the {@link Detours} of a socket, on the side of the wire; confined
 * to its event loop.
 */
final class Strangers extends ChannelDuplexHandler {
    private static final int FACTOR = 3;

    /** Of more, those that were silent for longest are forgotten: nothing goes to them until something comes again. */
    private static final int MOST = 4_096;

    /** For the goodbye to a client whose connection is over. */
    private static final int FAREWELL_OCTETS = 3 * 1_200;

    private final Map<SocketAddress, Integer> proven = new HashMap<>(); // by how many connections
    private final Map<SocketAddress, Allowed> strangers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SocketAddress, Allowed> eldest) {
            return size() > MOST;
        }
    };
    private final Predicate<SocketAddress> handshakes;
    private final Figures figures;

    private static final class Allowed {
        private long octets;
        private BooleanSupplier isProven = () -> false;
    }

    /**
     * Creates it, with nobody known.
     *
     * @param handshakes tells whether a client at an address is in its handshake
     */
    Strangers(Predicate<SocketAddress> handshakes, Figures figures) {
        this.handshakes = handshakes;
        this.figures = figures;
    }

    /** A connection's client has proven an address. */
    void onProven(SocketAddress address) {
        proven.merge(address, 1, Integer::sum);
        strangers.remove(address);
    }

    /**
     * A connection's client has come to an address.
     *
     * @param isProven tells whether it has proven it, of which nobody is told until the path is known to be wide enough too; quiche sends as it likes before
     */
    void onArrived(SocketAddress address, BooleanSupplier isProven) {
        Allowed allowed = strangers.get(address);
        if (allowed != null) {
            allowed.isProven = isProven;
        }
    }

    /** The connection has ended. */
    void onGone(SocketAddress address) {
        Integer left =
                proven.computeIfPresent(address, (same, connections) -> connections == 1 ? null : connections - 1);
        if (left == null) {
            strangers.computeIfAbsent(address, made -> new Allowed()).octets += FAREWELL_OCTETS;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        if (!proven.containsKey(packet.sender()) && isShort(packet.content()) && !handshakes.test(packet.sender())) {
            onStranger(packet.sender(), packet.content().readableBytes());
        }
        ctx.fireChannelRead(message);
    }

    private void onStranger(SocketAddress sender, int octets) {
        strangers.computeIfAbsent(sender, made -> new Allowed()).octets += (long) FACTOR * octets;
    }

    private static boolean isShort(ByteBuf datagram) {
        return !LongHeaders.isFirstIn(datagram);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        DatagramPacket packet = (DatagramPacket) message;
        if (take(packet)) {
            ctx.write(packet, promise);
            return;
        }
        figures.count(Figure.PACKETS_HELD_BACK);
        packet.release();
        promise.trySuccess(); // lost, as packets are
    }

    private boolean take(DatagramPacket packet) {
        SocketAddress recipient = packet.recipient();
        if (!isShort(packet.content()) || handshakes.test(recipient)) {
            return true;
        }
        int octets = packet.content().readableBytes();
        boolean may = mayGo(recipient, octets);
        Allowed allowed = strangers.get(recipient);
        if (may && allowed != null) {
            allowed.octets = Math.max(0, allowed.octets - octets);
        }
        return may;
    }

    /** Returns whether so much may go to an address: it is proven, or that much is left of three times what came from there. */
    boolean mayGo(SocketAddress address, int octets) {
        if (proven.containsKey(address)) {
            return true;
        }
        Allowed allowed = strangers.get(address);
        return allowed != null && (octets <= allowed.octets || allowed.isProven.getAsBoolean());
    }
}
