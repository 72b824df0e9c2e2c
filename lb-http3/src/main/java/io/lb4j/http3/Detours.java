package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has quiche go on with the path that a connection was on before its client came to another address. On a path that it has left, quiche (0.29.3) finds nothing lost any more, for no
 * packet is acknowledged there: what was under way when a NAT forgot the client would never be sent again, and the streams that it belongs to would stand still for ever. So of the packets
 * from a new address the first is shown to the codec as it is, by which quiche begins to have the address proven, and those after it as if they came from the old one; what the
 * codec sends to the old one goes to the new. Each connection whose client has moved has a {@link Detour}.
 *
 * <p>Stands between the dispatcher and the codec of a socket; confined to its event loop. Where nobody has moved it looks at nothing.
 */
final class Detours extends ChannelDuplexHandler {
    private static final int ID_END = 1 + ConnectionIds.OCTETS;

    /** The last octets of an id are chance, and tell all ids of a socket apart. */
    private static final int KEY_AT = ID_END - Long.BYTES;

    private static final long REPEAT_MILLIS = 250;

    /** Both its octets are the same, see {@link PathPorts}. */
    private static final int ALIAS_PORT = 0x0101;

    private static final int IPV4_OCTETS = 4;

    private final Map<Long, Detour> byId = new HashMap<>();
    private final Map<InetSocketAddress, List<Detour>> byHome = new HashMap<>();
    private final Map<InetSocketAddress, Detour> byStray = new HashMap<>();
    private final Map<InetSocketAddress, InetSocketAddress> aliases = new HashMap<>(); // to what stands behind them
    private @Nullable ChannelHandlerContext context; // null before this is in the pipeline
    private @Nullable DatagramPacket reading; // is with the codec
    private @Nullable Detour met; // to which the packet belongs that is with the codec
    private long readingKey;
    private int lastAlias;

    /**
     * Has a detour for the connection whose packet is being read, and knows it by the id of that packet from now on.
     *
     * @param known what it has already, or null
     * @param home where quiche is to see the client
     * @return null where the packet tells of no id
     */
    @Nullable Detour meet(@Nullable Detour known, InetSocketAddress home, Detour.Owner owner) {
        DatagramPacket packet = reading;
        if (packet == null) {
            return known;
        }
        Detour detour = known == null ? new Detour(this, home, owner) : known;
        byId.put(readingKey, detour);
        detour.learn(readingKey, packet.sender());
        met = detour;
        return detour;
    }

    /** Returns the address that stands behind one that quiche knows. */
    InetSocketAddress behind(InetSocketAddress shown) {
        return aliases.isEmpty() ? shown : aliases.getOrDefault(shown, shown);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        boolean isShort = isShort(packet.content());
        Detour own = isShort && !byId.isEmpty() ? byId.get(keyOf(packet.content())) : null;
        if (!byHome.isEmpty()) {
            leave(packet.sender(), own);
        }
        InetSocketAddress shown = own == null ? packet.sender() : own.shown(packet.sender());
        if (own != null && shown.equals(own.home()) && !shown.equals(packet.sender())) {
            ctx.fireChannelRead(from(packet, shown)); // what it brings about proves nothing, and moves nobody
            own.onShownHome();
        } else if (isShort && (own == null || !own.isAtHome(shown))) {
            read(ctx, packet, shown, own);
        } else {
            ctx.fireChannelRead(packet);
        }
    }

    /** Somebody sends from an address that connections have left: their client again, or whoever has the address now. */
    private void leave(InetSocketAddress home, @Nullable Detour own) {
        for (Detour left : List.copyOf(byHome.getOrDefault(home, List.of()))) {
            if (left != own) {
                left.cut();
            }
        }
    }

    private static DatagramPacket from(DatagramPacket packet, InetSocketAddress sender) {
        return sender.equals(packet.sender())
                ? packet
                : new DatagramPacket(packet.content(), packet.recipient(), sender);
    }

    private void read(ChannelHandlerContext ctx, DatagramPacket packet, InetSocketAddress shown, @Nullable Detour own) {
        InetSocketAddress sender = packet.sender();
        long before = own == null ? 0 : own.packets();
        reading = from(packet, shown);
        readingKey = keyOf(packet.content());
        met = null;
        ctx.fireChannelRead(reading);
        reading = null;
        Detour detour = met; // of which the codec has told by a packet that is genuine
        if (detour == null && own != null && own.packets() > before) {
            detour = own;
        }
        if (detour != null) {
            detour.onHeard(sender, shown);
        } else if (!shown.equals(sender)) {
            forgetAlias(shown);
        }
    }

    private static boolean isShort(ByteBuf octets) {
        return !LongHeaders.isFirstIn(octets) && octets.readableBytes() >= ID_END;
    }

    private static long keyOf(ByteBuf octets) {
        return octets.getLong(octets.readerIndex() + KEY_AT);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        DatagramPacket packet = (DatagramPacket) message;
        InetSocketAddress recipient = packet.recipient();
        Detour stray = byStray.isEmpty() ? null : byStray.get(recipient);
        if (stray != null && isShort(packet.content())) {
            stray.onStray(packet);
        }
        List<Detour> there = byHome.isEmpty() ? List.of() : byHome.getOrDefault(recipient, List.of());
        for (Detour detour : there) {
            if (detour.isAway()) {
                detour.onStray(packet);
            }
        }
        InetSocketAddress actual =
                there.isEmpty() ? behind(recipient) : there.get(0).actual();
        if (actual.equals(recipient)) {
            ctx.write(packet, promise);
        } else {
            ctx.write(new DatagramPacket(packet.content(), actual), promise);
        }
    }

    /** Sends a packet again. */
    void send(DatagramPacket packet) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            packet.release();
        } else {
            ctx.write(packet);
        }
    }

    void flush() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.flush();
        }
    }

    void later(Runnable action) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.executor().schedule(action, REPEAT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    // ---- What detours change

    /** Returns whether packets to a home can be told from those of others who were there, and are elsewhere now. */
    boolean isFree(InetSocketAddress home, InetSocketAddress actual) {
        return byHome.getOrDefault(home, List.of()).stream()
                .allMatch(other -> other.actual().equals(actual));
    }

    void begin(InetSocketAddress home, Detour detour) {
        byHome.computeIfAbsent(home, address -> new ArrayList<>(1)).add(detour);
    }

    void end(InetSocketAddress home, Detour detour) {
        List<Detour> there = byHome.getOrDefault(home, List.of());
        there.remove(detour);
        if (there.isEmpty()) {
            byHome.remove(home);
        }
    }

    void beginStray(InetSocketAddress shown, Detour detour) {
        byStray.put(shown, detour);
    }

    void endStray(InetSocketAddress shown, Detour detour) {
        byStray.remove(shown, detour);
    }

    /** Makes an address of which quiche has not heard yet, and which nobody has (RFC 791 §3.2, RFC 6666), for one that is to be proven anew. */
    InetSocketAddress newAlias(InetSocketAddress actual) {
        byte[] octets = new byte[actual.getAddress().getAddress().length];
        ByteBuffer written = ByteBuffer.wrap(octets).putInt(octets.length - Integer.BYTES, ++lastAlias & 0xffffff);
        if (octets.length > IPV4_OCTETS) {
            written.put(0, (byte) 1);
        }
        try {
            InetSocketAddress alias = new InetSocketAddress(InetAddress.getByAddress(octets), ALIAS_PORT);
            aliases.put(alias, actual);
            return alias;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("octets: " + octets.length + " (expected: 4 or 16)", e);
        }
    }

    void forgetAlias(InetSocketAddress alias) {
        aliases.remove(alias);
    }

    void forget(long id, Detour detour) {
        byId.remove(id, detour);
    }
}
