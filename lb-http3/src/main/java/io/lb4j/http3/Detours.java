package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.QuicConnectionAddress;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has quiche go on with the path that a connection was on before its client came to another address. On a path that it has left, quiche (0.29.3) finds nothing
 * lost any more, for no packet is acknowledged there: what was under way when a NAT forgot the client would never be sent again, and the streams that it belongs to would stand still
 * for ever. So packets from the new address are shown to the codec as if they came from the old one, but for what has the new one proven, and what it sends to the old one goes to the
 * new. Each connection has a {@link Detour}, known by the ids that the codec has made for its client.
 *
 * <p>Stands between the {@link Strangers} and the codec of a socket; confined to its event loop.
 */
final class Detours extends ChannelDuplexHandler {
    private static final int ID_AT = 1;
    private static final int ID_END = ID_AT + ConnectionIds.OCTETS;

    /** The last octets of an id are chance, and tell all ids of a socket apart. */
    private static final int KEY_IN_ID = ConnectionIds.OCTETS - Long.BYTES;

    /** Enough for quiche to look into it. */
    private static final int NOTHING_OCTETS = 40;

    /** Of more connections at one address it is not told which of them a packet belongs to. */
    private static final int MOST_AT_ONE = 64;

    private final Strangers strangers;
    private final Figures figures;
    private final Map<SocketAddress, Detour> bySource = new HashMap<>(); // by their first id, until it is learned
    private final Map<ByteBuffer, Detour> byChosen = new HashMap<>(); // by the id that the client has begun with
    private final LongObjectMap<Detour> byId = new LongObjectHashMap<>();
    private final Map<InetSocketAddress, List<Detour>> byAddress = new HashMap<>(); // which the codec may say
    private final List<Detour> holding = new ArrayList<>(); // a packet each, of what is being read
    private int begun; // of them, those whose client has been elsewhere
    private @Nullable ChannelHandlerContext context; // null before this is in the pipeline
    private @Nullable ByteBuffer beginning; // the id in a long header that is with the codec, and nobody's yet
    private @Nullable InetSocketAddress shown; // where a packet comes from that is with the codec
    private long shownId;
    private Beginnings beginnings = Beginnings.UNHEARD; // set before anything comes

    Detours(Strangers strangers, Figures figures) {
        this.strangers = strangers;
        this.figures = figures;
    }

    /** Makes the ids of connections as another does, and learns whose they are. */
    private final class Learning implements QuicConnectionIdGenerator {
        private final QuicConnectionIdGenerator made;

        Learning(QuicConnectionIdGenerator made) {
            this.made = made;
        }

        @Override
        public ByteBuffer newId(int length) {
            return made.newId(length);
        }

        /** One more for a connection that has one already. */
        @Override
        public ByteBuffer newId(ByteBuffer known, int length) {
            byte[] octets = new byte[known.remaining()];
            known.duplicate().get(octets);
            ByteBuffer next = made.newId(known, length);
            Detour owner = octets.length == ConnectionIds.OCTETS ? ownerOf(octets) : null;
            if (owner != null) {
                owner.names().addId(next.getLong(next.position() + KEY_IN_ID));
            }
            return next;
        }

        @Override
        public ByteBuffer newId(ByteBuffer source, ByteBuffer destination, int length) {
            return made.newId(source, destination, length);
        }

        @Override
        public int maxConnectionIdLength() {
            return made.maxConnectionIdLength();
        }

        @Override
        public boolean isIdempotent() {
            return made.isIdempotent();
        }
    }

    /** Returns what makes ids as another does, for the codec behind this. */
    QuicConnectionIdGenerator learning(QuicConnectionIdGenerator made) {
        return new Learning(made);
    }

    private @Nullable Detour ownerOf(byte[] id) {
        long key = ByteBuffer.wrap(id).getLong(KEY_IN_ID);
        Detour known = byId.get(key);
        if (known != null) {
            return known;
        }
        Detour owner = bySource.get(new QuicConnectionAddress(id));
        if (owner != null) {
            owner.names().addId(key);
        }
        return owner;
    }

    /** Has another hear by what ids connections begin. */
    void tell(Beginnings hearer) {
        beginnings = hearer;
    }

    /** Returns whether a connection here has an id that was made here. */
    boolean knows(byte[] id) {
        return id.length == ConnectionIds.OCTETS && ownerOf(id) != null;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        if (LongHeaders.isFirstIn(packet.content())) {
            readLong(ctx, packet);
        } else {
            readShort(packet);
        }
    }

    /** The codec takes these for a connection's, whatever is in them. */
    private void readLong(ChannelHandlerContext ctx, DatagramPacket packet) {
        byte[] id = LongHeaders.destinationOf(packet.content());
        if (id == null) {
            packet.release();
            return;
        }
        Detour owner = byChosen.get(ByteBuffer.wrap(id));
        if (owner == null && id.length == ConnectionIds.OCTETS) {
            owner = ownerOf(id);
        }
        if (owner != null) {
            owner.readLong(packet);
            return;
        }
        beginning = ByteBuffer.wrap(id);
        ctx.fireChannelRead(packet);
        beginning = null;
    }

    private void readShort(DatagramPacket packet) {
        ByteBuf octets = packet.content();
        Detour owner = null;
        long id = 0;
        if (octets.readableBytes() >= ID_END) {
            id = octets.getLong(octets.readerIndex() + ID_AT + KEY_IN_ID);
            owner = byId.get(id);
            if (owner == null) {
                byte[] whole = new byte[ConnectionIds.OCTETS];
                octets.getBytes(octets.readerIndex() + ID_AT, whole);
                owner = ownerOf(whole);
            }
        }
        if (owner == null) {
            packet.release(); // no connection has such an id
        } else {
            owner.read(packet, id);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        for (int i = 0; i < holding.size(); i++) {
            holding.get(i).onReadComplete();
        }
        holding.clear();
        ctx.fireChannelReadComplete();
    }

    /**
     * Shows the codec a packet.
     *
     * @param sender where it is to have come from
     * @param attempt by which of our ports it is to have come: by another one it is on another path
     */
    void show(DatagramPacket packet, long id, InetSocketAddress sender, int attempt) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            packet.release();
            return;
        }
        shown = sender;
        shownId = id;
        InetSocketAddress recipient = packet.recipient();
        boolean isAsItIs = attempt == 0 && sender.equals(packet.sender());
        ctx.fireChannelRead(isAsItIs ? packet : new DatagramPacket(packet.content(), port(recipient, attempt), sender));
        shown = null;
    }

    /** Returns how a packet begins: by this the codec knows whose it is. */
    static byte[] beginningOf(DatagramPacket packet) {
        byte[] octets = new byte[ID_END];
        packet.content().getBytes(packet.content().readerIndex(), octets);
        return octets;
    }

    /**
     * Has the codec say another address than that of who has sent garbage in a connection's name, from where it has heard last.
     *
     * @param beginning of the garbage
     * @param own where it has come to
     */
    void hearNothing(byte[] beginning, InetSocketAddress own, InetSocketAddress sender, int attempt) {
        ByteBuf nothing = Unpooled.buffer(NOTHING_OCTETS).writeBytes(beginning);
        nothing.writeZero(nothing.writableBytes());
        show(new DatagramPacket(nothing, own, sender), 0, sender, attempt);
    }

    private static InetSocketAddress port(InetSocketAddress own, int attempt) {
        return attempt == 0 ? own : new InetSocketAddress(own.getAddress(), QuichePath.port(own.getPort(), attempt));
    }

    /** Returns whether the packet that is with the codec was shown as from an address. */
    boolean isShown(InetSocketAddress sender) {
        return sender.equals(shown);
    }

    /** Returns the id of the packet that is with the codec. */
    long shownId() {
        return shownId;
    }

    /** Does something that shows the codec packets. */
    void later(Runnable action, long millis) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.executor()
                    .schedule(
                            () -> {
                                action.run();
                                ctx.fireChannelReadComplete();
                            },
                            millis,
                            TimeUnit.MILLISECONDS);
        }
    }

    long nanoTime() {
        ChannelHandlerContext ctx = context;
        return ctx == null ? 0 : ctx.executor().ticker().nanoTime();
    }

    /** Returns whether so much may go to an address, which need not be proven. */
    boolean mayGo(InetSocketAddress address, int octets) {
        return strangers.mayGo(address, octets);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        DatagramPacket packet = (DatagramPacket) message;
        if (begun > 0 && LongHeaders.isFirstIn(packet.content())) {
            at(packet.recipient()).forEach(Detour::count); // of a handshake's last packets
        }
        Detour sender = begun == 0 || LongHeaders.isFirstIn(packet.content()) ? null : senderTo(packet.recipient());
        if (sender == null) {
            ctx.write(packet, promise);
            return;
        }
        InetSocketAddress to = sender.takeDestination(packet.content().readableBytes());
        if (to == null) {
            figures.count(Figure.PACKETS_HELD_BACK);
            packet.release();
            promise.trySuccess(); // lost, as packets are
            return;
        }
        ctx.write(to.equals(packet.recipient()) ? packet : new DatagramPacket(packet.content(), to), promise);
    }

    /** Returns which connection has sent a packet that the codec says goes to an address; null for one that is not followed, or has not moved. */
    private @Nullable Detour senderTo(InetSocketAddress said) {
        for (Detour there : at(said)) {
            if (there.hasSent()) {
                return there;
            }
        }
        return null;
    }

    // ---- What detours change

    void onHeld(Detour detour) {
        holding.add(detour);
    }

    /** Returns the id that the client has chosen, whose packet is with the codec, and made it make the connection; null if it was made otherwise. */
    @Nullable ByteBuffer learn(SocketAddress source, Detour detour) {
        bySource.put(source, detour);
        ByteBuffer chosen = beginning;
        if (chosen != null) {
            byChosen.put(chosen, detour);
            beginnings.onBegun(chosen, source.equals(new QuicConnectionAddress(chosen.duplicate())));
        }
        return chosen;
    }

    void forget(SocketAddress source, Detour detour) {
        bySource.remove(source, detour);
    }

    void forget(ByteBuffer chosen, Detour detour) {
        if (byChosen.remove(chosen, detour)) {
            beginnings.onOver(chosen);
        }
    }

    /** Returns whether an id was not known. */
    boolean learn(long id, Detour detour) {
        return byId.putIfAbsent(id, detour) == null;
    }

    void forget(long id, Detour detour) {
        byId.remove(id, detour);
    }

    private List<Detour> at(InetSocketAddress address) {
        return byAddress.getOrDefault(address, List.of());
    }

    /** Returns whether one more connection can be told from the others that are at an address. */
    boolean isRoomAt(InetSocketAddress address) {
        return at(address).size() < MOST_AT_ONE;
    }

    /** The codec may say that a connection's packets go to an address. */
    void register(InetSocketAddress address, Detour detour) {
        byAddress.computeIfAbsent(address, made -> new ArrayList<>(1)).add(detour);
    }

    void unregister(InetSocketAddress address, Detour detour) {
        List<Detour> there = at(address);
        if (there.remove(detour) && there.isEmpty()) {
            byAddress.remove(address);
        }
    }

    void onBegun() {
        begun++;
    }

    void onEnded() {
        begun--;
    }
}
