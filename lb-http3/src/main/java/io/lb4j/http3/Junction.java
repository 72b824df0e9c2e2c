package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Where what has come to a socket goes on to the {@link Generation} that it belongs to: to what is behind the junction of that generation's socket on the same event loop. While there is one
 * generation, everything goes straight on.
 *
 * <p>A packet with a short header has an id whose mark tells. One with a long header has such an id once the client has heard of us; the one that it begins with it has
 * chosen, and the connection that was made of it is remembered. All else belongs to the newest generation that has begun. Packets of handshakes may have come to another event loop than before, for the kernel
 * spreads clients anew when sockets come and go: they are handed over to it. Those of connections the codec's dispatcher hands over.
 *
 * <p>Stands next to the {@link PacketGuard} of a socket, on the side of the codec; confined to its event loop.
 */
final class Junction extends ChannelInboundHandlerAdapter implements Beginnings {
    private static final int ID_AT = 1;

    private final Generations generations;
    private final ConnectionIds ids;
    private final Detours detours;
    private final Place place;
    private final List<Junction> fed = new ArrayList<>(); // others, by what is being read
    private @Nullable ChannelHandlerContext context; // null while the socket is not open

    /**
     * Which of the event loops it is on.
     *
     * @param number its number
     */
    record Place(List<EventLoop> eventLoops, int number) {
        Place {
            eventLoops = List.copyOf(eventLoops);
        }

        EventLoop eventLoop() {
            return eventLoops.get(number);
        }
    }

    /**
     * Creates the junction of a socket.
     *
     * @param ids of the socket's own generation
     * @param detours of the socket, which know its connections
     */
    Junction(Generations generations, ConnectionIds ids, Detours detours, Place place) {
        this.generations = generations;
        this.ids = ids;
        this.detours = detours;
        this.place = place;
        detours.tell(this);
    }

    Place place() {
        return place;
    }

    /** Returns whether packets can be handed over here. Called on the event loop. */
    boolean isOpen() {
        return context != null;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        context = null;
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        context = null;
    }

    // ---- What comes

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!generations.isMixed()) {
            ctx.fireChannelRead(message);
            return;
        }
        DatagramPacket packet = (DatagramPacket) message;
        ByteBuf octets = packet.content();
        if (LongHeaders.isFirstIn(octets)) {
            routeLong(packet);
        } else {
            Junction owner = generations.ownerOf(octets, octets.readerIndex() + ID_AT, place.number());
            handOver(owner == null ? generations.newest(place.number()) : owner, packet);
        }
    }

    private void routeLong(DatagramPacket packet) {
        byte[] id = LongHeaders.destinationOf(packet.content());
        if (id == null) {
            packet.release();
            return;
        }
        ByteBuffer key = ByteBuffer.wrap(id);
        Junction there = generations.begunWith(key);
        if (there != null) {
            handOver(there, packet);
        } else {
            route(packet, id, ConnectionIds.loopOf(key).orElse(place.number()));
        }
    }

    /** Nobody has begun with it. If it was made here it names its loop; if it is new, and looks so by chance, it may as well begin there. */
    private void route(DatagramPacket packet, byte[] id, int named) {
        if (named == place.number() || named >= place.eventLoops().size()) {
            handOver(takerOf(packet, id, place.number()), packet);
        } else {
            elsewhere(place.eventLoops().get(named), packet, () -> feedAlone(takerOf(packet, id, named), packet));
        }
    }

    /** Called on the event loop with that number. */
    private @Nullable Junction takerOf(DatagramPacket packet, byte[] id, int at) {
        Junction maker = id.length == ConnectionIds.OCTETS
                ? generations.ownerOf(packet.content(), packet.content().readerIndex() + LongHeaders.ID_AT, at)
                : null;
        return maker != null && maker.detours.knows(id) ? maker : generations.newest(at);
    }

    private void handOver(@Nullable Junction taker, DatagramPacket packet) {
        if (taker == null || taker.place.number() == place.number()) {
            if (feed(taker, packet) && taker != this && !fed.contains(taker)) {
                fed.add(taker);
            }
        } else {
            elsewhere(taker.place.eventLoop(), packet, () -> feedAlone(taker, packet));
        }
    }

    private static void elsewhere(EventLoop eventLoop, DatagramPacket packet, Runnable action) {
        try {
            eventLoop.execute(action);
        } catch (RejectedExecutionException closing) {
            packet.release();
        }
    }

    private static void feedAlone(@Nullable Junction taker, DatagramPacket packet) {
        if (feed(taker, packet) && taker != null) {
            taker.complete();
        }
    }

    /** Returns whether a packet was taken; else it is lost, as packets are: its client sends it again. */
    private static boolean feed(@Nullable Junction taker, DatagramPacket packet) {
        ChannelHandlerContext ctx = taker == null ? null : taker.context;
        if (ctx == null) {
            packet.release();
            return false;
        }
        ctx.fireChannelRead(packet);
        return true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (!fed.isEmpty()) {
            fed.forEach(Junction::complete);
            fed.clear();
        }
    }

    private void complete() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.fireChannelReadComplete();
        }
    }

    // ---- Beginnings

    @Override
    public void onBegun(ByteBuffer id, boolean isKept) {
        generations.onBegun(id, this);
        if (isKept) {
            ids.adopt(id);
        }
    }

    @Override
    public void onOver(ByteBuffer id) {
        generations.onOver(id, this);
        ids.abandon(id);
    }
}
