package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.QuicConnectionAddress;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** To which generation packets go, one by one. */
final class JunctionTest {
    private static final InetSocketAddress SERVER = at(443);
    private static final InetSocketAddress CLIENT = at(1);
    private static final byte[] CHOSEN = {1, 2, 3, 4, 5, 6, 7, 8};
    private static final int OCTETS = 100;

    private final Generations generations = new Generations();
    private final List<Sockets> made = new ArrayList<>();
    private final List<DatagramPacket> sent = new ArrayList<>();

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** What is behind a junction. */
    private static final class Behind extends ChannelInboundHandlerAdapter {
        private int read;
        private int completed;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            read++;
            ((DatagramPacket) message).release();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            completed++;
        }
    }

    /** A generation on two event loops. */
    private final class Sockets {
        private final List<EmbeddedChannel> channels = List.of(new EmbeddedChannel(), new EmbeddedChannel());
        private final List<Behind> behind = List.of(new Behind(), new Behind());
        private final List<Detours> detours = new ArrayList<>();
        private final ConnectionIds ids = generations.newIds();
        private final Generation generation;

        Sockets() {
            List<EventLoop> eventLoops =
                    channels.stream().map(EmbeddedChannel::eventLoop).toList();
            List<Junction> junctions = new ArrayList<>();
            for (int i = 0; i < channels.size(); i++) {
                Figures figures = new Figures();
                detours.add(new Detours(new Strangers(address -> false, figures), figures));
                junctions.add(new Junction(generations, ids, detours.get(i), new Junction.Place(eventLoops, i)));
                channels.get(i).pipeline().addLast(junctions.get(i), behind.get(i));
            }
            generation = new Generation(ids, junctions);
            generations.join(generation);
            made.add(this);
        }

        byte[] newId(int loop) {
            return ids.ofLoop(loop).newId(ConnectionIds.OCTETS).array();
        }

        /** Has a connection begin on a loop, with an id that was made here. */
        byte[] connection(int loop) {
            byte[] id = newId(loop);
            new Detour(detours.get(loop), new QuicConnectionAddress(id), CLIENT, SERVER.getPort(), 4, new Still());
            return id;
        }

        void receive(int loop, ByteBuf octets) {
            DatagramPacket packet = new DatagramPacket(octets, SERVER, CLIENT);
            sent.add(packet);
            channels.get(loop).writeInbound(packet);
            made.forEach(sockets -> sockets.channels.forEach(EmbeddedChannel::runPendingTasks));
        }

        /** Returns what has come since it was asked last. */
        int taken(int loop) {
            int read = behind.get(loop).read;
            behind.get(loop).read = 0;
            return read;
        }
    }

    /** A client that stays where it is. */
    private static final class Still implements MovingClient {
        @Override
        public long packets() {
            return 0;
        }

        @Override
        public long sent() {
            return 0;
        }

        @Override
        public @Nullable QuicConnectionPathStats path(int number) {
            return null;
        }

        @Override
        public boolean isProven(InetSocketAddress address) {
            return true;
        }

        @Override
        public boolean hasPathsLeft() {
            return false;
        }

        @Override
        public void onArrived(InetSocketAddress at) {
            // it does not
        }
    }

    private static ByteBuf shortOf(byte[] id) {
        return Unpooled.buffer(OCTETS).writeByte(0x40).writeBytes(id).writeZero(OCTETS - 1 - id.length);
    }

    private static ByteBuf longOf(byte[] id) {
        return Unpooled.buffer(OCTETS)
                .writeByte(0xc0)
                .writeInt(1)
                .writeByte(id.length)
                .writeBytes(id)
                .writeZero(OCTETS - 6 - id.length);
    }

    @AfterEach
    void nothingIsKept() {
        made.forEach(sockets -> sockets.channels.forEach(EmbeddedChannel::finishAndReleaseAll));
        assertThat(sent).allMatch(packet -> packet.refCnt() == 0);
    }

    private Sockets begun() {
        Sockets sockets = new Sockets();
        sockets.generation.begin();
        return sockets;
    }

    @Test
    void whoIsAloneTakesEverything() {
        Sockets alone = begun();
        ConnectionIds other = generations.newIds();

        alone.receive(0, shortOf(alone.newId(0)));
        alone.receive(0, shortOf(alone.newId(1))); // handed over further on
        alone.receive(0, shortOf(other.ofLoop(0).newId(ConnectionIds.OCTETS).array()));
        alone.receive(0, longOf(CHOSEN));

        assertThat(generations.isMixed()).isFalse();
        assertThat(alone.taken(0)).isEqualTo(4);
    }

    @Test
    void packetsOfConnectionsGoByTheirMarkWhereverTheyCome() {
        Sockets former = begun();
        Sockets next = begun();

        next.receive(0, shortOf(former.newId(0)));
        next.receive(1, shortOf(former.newId(0)));
        assertThat(former.taken(0)).isEqualTo(1);
        assertThat(former.taken(1)).as("on the loop that they come to").isEqualTo(1);

        former.receive(0, shortOf(next.newId(0)));
        former.receive(0, shortOf(former.newId(0)));
        assertThat(next.taken(0)).isEqualTo(1);
        assertThat(former.taken(0)).isEqualTo(1);
        assertThat(next.taken(1)).isZero();
    }

    @Test
    void whatNobodyHasMadeBelongsToTheNewestThatHasBegun() {
        Sockets former = begun();
        Sockets next = new Sockets();
        byte[] unknown =
                generations.newIds().ofLoop(0).newId(ConnectionIds.OCTETS).array();

        next.receive(0, shortOf(unknown));
        next.receive(0, longOf(CHOSEN));
        assertThat(former.taken(0)).isEqualTo(2);
        assertThat(next.taken(0)).isZero();

        next.generation.begin();
        former.receive(0, shortOf(unknown));
        former.receive(0, longOf(CHOSEN));
        assertThat(former.taken(0)).isZero();
        assertThat(next.taken(0)).isEqualTo(2);
    }

    @Test
    void handshakesGoOnWhereTheyHaveBegun() {
        Sockets former = begun();
        ByteBuffer chosen = ByteBuffer.wrap(CHOSEN);
        former.generation.junctions().get(1).onBegun(chosen, false);
        byte[] given = former.connection(1);
        Sockets next = begun();

        next.receive(0, longOf(CHOSEN));
        assertThat(former.taken(1)).as("by the id that the client has chosen").isEqualTo(1);
        next.receive(0, longOf(given));
        assertThat(former.taken(1)).as("by the id that it was given").isEqualTo(1);
        next.receive(0, longOf(former.newId(1)));
        assertThat(next.taken(1)).as("by one that no connection has").isEqualTo(1);

        former.generation.junctions().get(1).onOver(chosen);
        next.receive(0, longOf(CHOSEN));
        assertThat(next.taken(0)).isEqualTo(1);
    }

    @Test
    void whoComesWithAnIdThatAnotherGaveIsKnownByIt() {
        Sockets former = begun();
        byte[] given = former.newId(0); // with a Retry
        Sockets next = begun();
        Sockets last = begun();
        next.generation.junctions().get(0).onBegun(ByteBuffer.wrap(given), true);

        last.receive(0, shortOf(given));
        last.receive(1, shortOf(given));
        last.receive(1, longOf(given));

        assertThat(next.taken(0)).isEqualTo(2);
        assertThat(next.taken(1)).as("handed over further on").isEqualTo(1);
        assertThat(next.ids.isOurs(Unpooled.wrappedBuffer(given), 0)).isTrue();
        next.generation.junctions().get(0).onOver(ByteBuffer.wrap(given));
        assertThat(next.ids.isOurs(Unpooled.wrappedBuffer(given), 0)).isFalse();
    }

    @Test
    void ofEachTurnEverybodyWhoHasReadHearsTheEndOnce() {
        Sockets former = begun();
        Sockets next = begun();
        EmbeddedChannel socket = next.channels.get(0);
        former.behind.get(0).completed = 0;

        for (int i = 0; i < 3; i++) {
            DatagramPacket packet = new DatagramPacket(shortOf(former.newId(0)), SERVER, CLIENT);
            sent.add(packet);
            socket.pipeline().fireChannelRead(packet);
        }
        socket.pipeline().fireChannelReadComplete();
        socket.pipeline().fireChannelReadComplete();

        assertThat(former.taken(0)).isEqualTo(3);
        assertThat(former.behind.get(0).completed).isEqualTo(1);
    }

    @Test
    void aSocketThatIsClosedGetsNothing() {
        Sockets former = begun();
        byte[] id = former.newId(0);
        Sockets next = new Sockets();
        former.channels.forEach(EmbeddedChannel::close);

        next.receive(0, shortOf(id));
        next.receive(0, longOf(CHOSEN));
        assertThat(next.taken(0)).as("before it has begun").isZero();

        next.generation.begin();
        next.receive(0, shortOf(id));
        next.receive(0, longOf(CHOSEN));
        assertThat(next.taken(0)).isEqualTo(2);
        assertThat(former.taken(0)).isZero();
    }

    @Test
    void aWhileAfterTheFormerHasGoneNothingIsLookedAtAnyMore() {
        Sockets former = begun();
        Sockets next = begun();
        ByteBuffer given = ByteBuffer.wrap(former.newId(0));
        next.generation.junctions().get(0).onBegun(given, true);
        assertThat(generations.isMixed()).isTrue();

        generations.leave(former.generation);
        pass(next, 29);
        assertThat(generations.isMixed()).isTrue();
        pass(next, 2);
        assertThat(generations.isMixed())
                .as("one goes by an id of the former's")
                .isTrue();
        next.generation.junctions().get(0).onOver(given);
        pass(next, 31);
        assertThat(generations.isMixed()).isFalse();
    }

    private static void pass(Sockets sockets, int seconds) {
        EmbeddedChannel socket = sockets.channels.get(0);
        socket.advanceTimeBy(seconds, TimeUnit.SECONDS);
        socket.runScheduledPendingTasks();
    }
}
