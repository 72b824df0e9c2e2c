package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections whose client has moved while much was under way. */
final class DetoursTest {
    private static final InetSocketAddress SERVER = at(443);
    private static final InetSocketAddress HOME = at(1);
    private static final InetSocketAddress MOVED = at(2);
    private static final InetSocketAddress FURTHER = at(3);
    private static final byte ID = 7;
    private static final byte OTHER_ID = 8;

    private final Detours detours = new Detours();
    private final Codec codec = new Codec();
    private final EmbeddedChannel socket = new EmbeddedChannel(detours, codec);
    private final Client client = new Client();

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @AfterEach
    void release() {
        socket.finishAndReleaseAll();
    }

    /** Opens a detour where it is told to, as the codec would for an event that a packet has brought about. */
    private final class Codec extends ChannelInboundHandlerAdapter {
        private @Nullable InetSocketAddress proven;
        private Detours.@Nullable Detour opened;
        private @Nullable InetSocketAddress seen;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            seen = packet.sender();
            client.packets += packet.content().getByte(1) == ID ? 1 : 0;
            packet.content().skipBytes(packet.content().readableBytes()); // as the codec does
            if (proven != null) {
                opened = detours.open(HOME, proven, client);
                proven = null;
            }
            packet.release();
        }
    }

    private static final class Client implements Detours.Owner {
        private long packets;
        private int returns;

        @Override
        public long packets() {
            return packets;
        }

        @Override
        public void onReturn() {
            returns++;
        }
    }

    private static ByteBuf shortPacket(byte id) {
        byte[] octets = new byte[1 + ConnectionIds.OCTETS + 20];
        octets[0] = 0x40;
        octets[1] = id;
        return Unpooled.copiedBuffer(octets);
    }

    private @Nullable InetSocketAddress seen(InetSocketAddress sender, byte id) {
        socket.writeInbound(new DatagramPacket(shortPacket(id), SERVER, sender));
        return codec.seen;
    }

    private InetSocketAddress sentTo(InetSocketAddress recipient) {
        socket.writeOutbound(new DatagramPacket(Unpooled.wrappedBuffer(new byte[] {1}), recipient));
        DatagramPacket sent = Objects.requireNonNull(socket.readOutbound());
        sent.release();
        return sent.recipient();
    }

    private Detours.Detour move(InetSocketAddress proven) {
        codec.opened = null;
        codec.proven = proven;
        seen(proven, ID);
        return Objects.requireNonNull(codec.opened);
    }

    @Test
    void theConnectionStaysWhereItWas() {
        assertThat(seen(MOVED, ID)).isEqualTo(MOVED);
        move(MOVED);

        assertThat(seen(MOVED, ID)).isEqualTo(HOME);
        assertThat(sentTo(HOME)).isEqualTo(MOVED);
        assertThat(sentTo(FURTHER)).isEqualTo(FURTHER);
    }

    @Test
    void othersWithTheSameAddressAreWhereTheyAre() {
        move(MOVED);

        assertThat(seen(MOVED, OTHER_ID)).isEqualTo(MOVED);
        byte[] initial = new byte[1200];
        initial[0] = (byte) 0xc0;
        initial[1] = ID;
        socket.writeInbound(new DatagramPacket(Unpooled.wrappedBuffer(initial), SERVER, MOVED));
        assertThat(codec.seen).isEqualTo(MOVED);
    }

    @Test
    void itMayMoveOn() {
        move(MOVED).close();
        move(FURTHER);

        assertThat(seen(FURTHER, ID)).isEqualTo(HOME);
        assertThat(seen(MOVED, ID)).isEqualTo(MOVED);
        assertThat(sentTo(HOME)).isEqualTo(FURTHER);
    }

    @Test
    void whoHasTheAddressNowIsAnswered() {
        Detours.Detour detour = move(MOVED);

        assertThat(seen(HOME, OTHER_ID)).isEqualTo(HOME);
        assertThat(sentTo(HOME)).isEqualTo(HOME);
        assertThat(seen(MOVED, ID)).isEqualTo(MOVED);
        assertThat(detour.isOpen()).isFalse();
        assertThat(client.returns).isZero();
    }

    @Test
    void theClientMayReturn() {
        move(MOVED);

        assertThat(seen(HOME, ID)).isEqualTo(HOME);
        assertThat(client.returns).isEqualTo(1);
        assertThat(sentTo(HOME)).isEqualTo(HOME);
    }

    @Test
    void twoConnectionsOfOneClientGoTheSameWay() {
        Detours.Detour first = move(MOVED);
        move(MOVED);
        first.close();

        assertThat(seen(MOVED, ID)).isEqualTo(HOME);
        assertThat(sentTo(HOME)).isEqualTo(MOVED);
    }

    @Test
    void twoConnectionsFromOneAddressDoNotPart() {
        move(MOVED);
        codec.opened = null;
        codec.proven = FURTHER;
        seen(FURTHER, OTHER_ID);

        assertThat(codec.opened).isNull();
        assertThat(sentTo(HOME)).isEqualTo(MOVED);
    }

    /** quiche alone never sends again what was lost with the address: the download would stand still. */
    @Test
    void whatWasUnderWayToAnAddressThatIsNoMoreComesAgain() throws Exception {
        byte[] body = new byte[3_000_000];
        new Random(9).nextBytes(body);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.keepBodies(body.length).onAny().echo());
                Edge edge = Edge.before(upstream);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
                H3Client kwik = H3Client.connect(relay.port())) {
            relay.impair(Impairment.none().delay(Duration.ofMillis(20)));
            CompletableFuture<H3Answer> echoed = CompletableFuture.supplyAsync(() -> kwik.post("/", body));
            for (int i = 0; i < 5; i++) {
                long before = relay.received();
                await().until(() -> relay.received() > before + 300);
                relay.rebind();
                int moves = i + 1;
                await().until(() -> edge.figure(Figure.MIGRATIONS) == moves);
            }
            assertThat(echoed.get(60, TimeUnit.SECONDS).body()).isEqualTo(body);
            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
            assertThat(edge.figure(Figure.MIGRATIONS)).isEqualTo(5);
        }
    }
}
