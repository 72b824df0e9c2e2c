package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has quiche go on with the path that a connection was on before its client came to another address, once that is proven. On a path that it has left, quiche (0.29.3) finds nothing
 * lost any more, for no packet is acknowledged there: what was under way when a NAT forgot the client would never be sent again, and the streams that it belongs to would stand still
 * for ever. So packets from the new address are shown to the codec as if they came from the old one, and what it sends to the old one goes to the new.
 *
 * <p>Stands between the dispatcher and the codec of a socket; confined to its event loop. Where nobody has moved it looks at nothing.
 */
final class Detours extends ChannelDuplexHandler {
    private static final int ID_AT = 1;

    private final Map<InetSocketAddress, List<Detour>> byActual = new HashMap<>();
    private final Map<InetSocketAddress, List<Detour>> byHome = new HashMap<>();
    private @Nullable DatagramPacket reading; // is with the codec
    private int readingFrom;

    /** Who has moved. */
    interface Owner {
        /** Returns how many packets of the connection have come that were genuine. */
        long packets();

        /** The client is back where it came from. */
        void onReturn();
    }

    /** The way of one connection, until it is closed. */
    final class Detour {
        private final InetSocketAddress home;
        private final InetSocketAddress actual;
        private final byte[] id;
        private final Owner owner;
        private boolean open = true;

        private Detour(InetSocketAddress home, InetSocketAddress actual, byte[] id, Owner owner) {
            this.home = home;
            this.actual = actual;
            this.id = id;
            this.owner = owner;
        }

        boolean isOpen() {
            return open;
        }

        void close() {
            if (open) {
                open = false;
                remove(byActual, actual, this);
                remove(byHome, home, this);
            }
        }
    }

    private static void remove(Map<InetSocketAddress, List<Detour>> detours, InetSocketAddress address, Detour closed) {
        List<Detour> there = detours.getOrDefault(address, List.of());
        there.remove(closed);
        if (there.isEmpty()) {
            detours.remove(address);
        }
    }

    /**
     * Begins a detour for the connection whose packet is being read.
     *
     * @param home where quiche is to see the client
     * @param actual where it is, as it has proven
     * @return null where there can be none
     */
    @Nullable Detour open(InetSocketAddress home, InetSocketAddress actual, Owner owner) {
        DatagramPacket packet = reading;
        List<Detour> others = byHome.getOrDefault(home, List.of());
        if (packet == null || home.equals(actual) || others.stream().anyMatch(other -> !other.actual.equals(actual))) {
            return null;
        }
        byte[] id = new byte[ConnectionIds.OCTETS];
        packet.content().getBytes(readingFrom + ID_AT, id);
        Detour made = new Detour(home, actual, id, owner);
        byActual.computeIfAbsent(actual, address -> new ArrayList<>(1)).add(made);
        byHome.computeIfAbsent(home, address -> new ArrayList<>(1)).add(made);
        return made;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        Detour taken = byActual.isEmpty() ? null : detourOf(packet, byActual);
        if (taken != null) {
            read(ctx, new DatagramPacket(packet.content(), packet.recipient(), taken.home));
            return;
        }
        List<Detour> left = byHome.isEmpty() ? List.of() : List.copyOf(byHome.getOrDefault(packet.sender(), List.of()));
        if (left.isEmpty()) {
            read(ctx, packet);
            return;
        }
        readFromHome(ctx, packet, left);
    }

    /** Somebody sends from an address that a connection has left: its client again, or whoever has the address now. */
    private void readFromHome(ChannelHandlerContext ctx, DatagramPacket packet, List<Detour> left) {
        Detour own = detourOf(packet, byHome);
        left.forEach(Detour::close);
        long before = own == null ? 0 : own.owner.packets();
        read(ctx, packet);
        if (own != null && own.owner.packets() > before) {
            own.owner.onReturn();
        }
    }

    private static @Nullable Detour detourOf(DatagramPacket packet, Map<InetSocketAddress, List<Detour>> detours) {
        ByteBuf octets = packet.content();
        if (!LongHeaders.isFirstIn(octets) && octets.readableBytes() >= ID_AT + ConnectionIds.OCTETS) {
            for (Detour detour : detours.getOrDefault(packet.sender(), List.of())) {
                if (isAt(octets, octets.readerIndex() + ID_AT, detour.id)) {
                    return detour;
                }
            }
        }
        return null;
    }

    private static boolean isAt(ByteBuf octets, int at, byte[] id) {
        for (int i = 0; i < id.length; i++) {
            if (octets.getByte(at + i) != id[i]) {
                return false;
            }
        }
        return true;
    }

    private void read(ChannelHandlerContext ctx, DatagramPacket packet) {
        boolean isShort = !LongHeaders.isFirstIn(packet.content());
        reading = isShort ? packet : null;
        readingFrom = packet.content().readerIndex();
        ctx.fireChannelRead(packet);
        reading = null;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        DatagramPacket packet = (DatagramPacket) message;
        List<Detour> there = byHome.isEmpty() ? List.of() : byHome.getOrDefault(packet.recipient(), List.of());
        ctx.write(there.isEmpty() ? packet : new DatagramPacket(packet.content(), there.get(0).actual), promise);
    }
}
