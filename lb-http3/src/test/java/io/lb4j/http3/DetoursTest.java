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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
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
    private final EmbeddedChannel socket = new EmbeddedChannel(detours, new Codec());
    private final Client client = new Client(ID);
    private final Client other = new Client(OTHER_ID);
    private @Nullable InetSocketAddress seen; // by the codec

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @AfterEach
    void release() {
        client.close();
        other.close();
        socket.finishAndReleaseAll();
    }

    /** Hears of new addresses by events, as of the codec. */
    private final class Codec extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            seen = packet.sender();
            byte id = packet.content().getByte(4);
            packet.content().skipBytes(packet.content().readableBytes()); // as the codec does
            for (Client owner : List.of(client, other)) {
                if (owner.id == id && owner.isHeard) {
                    owner.onPacket(packet.sender());
                }
            }
            packet.release();
        }
    }

    private final class Client implements Detour.Owner {
        private final byte id;
        private final Set<InetSocketAddress> paths = new HashSet<>(Set.of(HOME));
        private final Set<InetSocketAddress> failed = new HashSet<>();
        private final Set<InetSocketAddress> pending = new HashSet<>();
        private final List<InetSocketAddress> moves = new ArrayList<>();
        private boolean isHeard = true; // its packets are genuine
        private boolean probes;
        private @Nullable Detour detour;
        private InetSocketAddress active = HOME;
        private long packets;
        private int returns;

        Client(byte id) {
            this.id = id;
        }

        private void onPacket(InetSocketAddress shown) {
            packets++;
            if (!probes) {
                active = shown;
            }
            if (paths.add(shown)) {
                detour = detours.meet(detour, HOME, this);
            }
        }

        private Detour detour() {
            return Objects.requireNonNull(detour);
        }

        private void close() {
            if (detour != null) {
                detour.close();
            }
        }

        @Override
        public long packets() {
            return packets;
        }

        @Override
        public boolean isOn(InetSocketAddress shown) {
            return active.equals(shown);
        }

        @Override
        public boolean hasFailed(InetSocketAddress shown) {
            return failed.contains(shown);
        }

        @Override
        public boolean isPending(InetSocketAddress shown) {
            return pending.contains(shown);
        }

        @Override
        public void onMoved(InetSocketAddress to) {
            moves.add(to);
        }

        @Override
        public void onReturn() {
            returns++;
        }
    }

    private static ByteBuf shortPacket(byte id) {
        byte[] octets = new byte[1 + ConnectionIds.OCTETS + 20];
        octets[0] = 0x40;
        octets[4] = id;
        return Unpooled.copiedBuffer(octets);
    }

    private @Nullable InetSocketAddress seen(InetSocketAddress sender, byte id) {
        socket.writeInbound(new DatagramPacket(shortPacket(id), SERVER, sender));
        return seen;
    }

    private InetSocketAddress sentTo(InetSocketAddress recipient) {
        socket.writeOutbound(new DatagramPacket(shortPacket((byte) 0), recipient));
        return sent();
    }

    private InetSocketAddress sent() {
        DatagramPacket sent = Objects.requireNonNull(socket.readOutbound());
        sent.release();
        return sent.recipient();
    }

    private @Nullable InetSocketAddress nextSent() {
        return socket.outboundMessages().isEmpty() ? null : sent();
    }

    @Test
    void theConnectionStaysWhereItWasButForThePacketThatShowsTheMove() {
        assertThat(seen(MOVED, ID)).isEqualTo(MOVED);
        assertThat(client.moves).containsExactly(MOVED);

        assertThat(seen(MOVED, ID)).isEqualTo(HOME);
        assertThat(sentTo(HOME)).isEqualTo(MOVED);
        assertThat(sentTo(FURTHER)).isEqualTo(FURTHER);
    }

    @Test
    void othersWithTheSameAddressAreWhereTheyAre() {
        seen(MOVED, ID);

        assertThat(seen(MOVED, OTHER_ID)).isEqualTo(MOVED);
        byte[] initial = new byte[1200];
        initial[0] = (byte) 0xc0;
        initial[4] = ID;
        socket.writeInbound(new DatagramPacket(Unpooled.wrappedBuffer(initial), SERVER, MOVED));
        assertThat(seen).isEqualTo(MOVED);
    }

    @Test
    void itMayMoveOnBeforeAnythingIsProven() {
        seen(MOVED, ID);

        assertThat(seen(FURTHER, ID)).isEqualTo(FURTHER);
        assertThat(seen(FURTHER, ID)).isEqualTo(HOME);
        assertThat(sentTo(HOME)).isEqualTo(FURTHER);
        assertThat(client.moves).containsExactly(MOVED, FURTHER);
    }

    @Test
    void whoOnlyProbesAnotherAddressHasNotMoved() {
        client.probes = true;

        assertThat(seen(MOVED, ID)).isEqualTo(MOVED);
        assertThat(seen(MOVED, ID)).isEqualTo(MOVED);
        assertThat(sentTo(HOME)).isEqualTo(HOME);
        assertThat(client.moves).isEmpty();
    }

    @Test
    void whatIsNotGenuineMovesNobody() {
        seen(MOVED, ID);
        client.isHeard = false;

        assertThat(seen(FURTHER, ID)).isEqualTo(FURTHER);
        assertThat(sentTo(HOME)).isEqualTo(MOVED);
        assertThat(client.moves).containsExactly(MOVED);
    }

    @Test
    void whoHasTheAddressNowIsAnswered() {
        seen(MOVED, ID);

        assertThat(seen(HOME, OTHER_ID)).isEqualTo(HOME);
        assertThat(sentTo(HOME)).isEqualTo(HOME);
        assertThat(seen(MOVED, ID)).isEqualTo(MOVED);
        assertThat(seen(MOVED, ID)).isEqualTo(MOVED);
        assertThat(client.returns).isZero();
    }

    @Test
    void theClientMayReturn() {
        seen(MOVED, ID);

        assertThat(seen(HOME, ID)).isEqualTo(HOME);
        assertThat(client.returns).isEqualTo(1);
        assertThat(sentTo(HOME)).isEqualTo(HOME);
        assertThat(seen(MOVED, ID)).isEqualTo(MOVED);
        assertThat(seen(MOVED, ID)).isEqualTo(HOME);
    }

    @Test
    void twoConnectionsOfOneClientGoTheSameWay() {
        seen(MOVED, ID);
        seen(MOVED, OTHER_ID);
        client.close();

        assertThat(seen(MOVED, OTHER_ID)).isEqualTo(HOME);
        assertThat(sentTo(HOME)).isEqualTo(MOVED);
    }

    @Test
    void twoConnectionsFromOneAddressDoNotPart() {
        seen(MOVED, ID);
        seen(FURTHER, OTHER_ID);

        assertThat(seen(FURTHER, OTHER_ID)).isEqualTo(FURTHER);
        assertThat(sentTo(HOME)).isEqualTo(MOVED);
    }

    @Test
    void itMaySettleWhereItIs() {
        seen(MOVED, ID);
        client.detour().settle(FURTHER);
        assertThat(seen(MOVED, ID)).isEqualTo(HOME);

        client.detour().settle(MOVED);
        assertThat(sentTo(HOME)).isEqualTo(MOVED); // until something comes
        assertThat(seen(MOVED, ID)).isEqualTo(MOVED);
        assertThat(seen(MOVED, ID)).isEqualTo(MOVED);
        assertThat(sentTo(HOME)).isEqualTo(HOME);
        sentTo(MOVED);
        client.detour().onProven();
        assertThat(nextSent()).isNull();
        assertThat(seen(FURTHER, ID)).isEqualTo(FURTHER);
        assertThat(seen(FURTHER, ID)).isEqualTo(MOVED);
    }

    /** quiche finds nothing lost of it. */
    @Test
    void whatWasSentToAnAddressThatIsLeftIsSentAgainTwiceWhereTheClientIs() {
        seen(MOVED, ID);
        assertThat(sentTo(MOVED)).isEqualTo(MOVED);
        seen(FURTHER, ID);
        client.detour().onProven();

        assertThat(nextSent()).isEqualTo(FURTHER);
        assertThat(nextSent()).isNull();

        socket.advanceTimeBy(1, TimeUnit.SECONDS);
        socket.runScheduledPendingTasks();
        assertThat(nextSent()).isEqualTo(FURTHER);
        assertThat(nextSent()).isNull();
        client.detour().onProven();
        assertThat(nextSent()).isNull();
    }

    /** Or who sends one packet in somebody's name could prove that address by what is repeated to him. */
    @Test
    void whatMayHaveAChallengeInItGoesNowhereElseWhileThatCanBeAnswered() {
        seen(MOVED, ID);
        sentTo(MOVED);
        seen(FURTHER, ID);
        client.pending.add(MOVED);
        client.detour().onProven();
        assertThat(nextSent()).isNull();

        client.pending.remove(MOVED);
        socket.advanceTimeBy(1, TimeUnit.SECONDS);
        socket.runScheduledPendingTasks();
        assertThat(nextSent()).isEqualTo(FURTHER);
    }

    @Test
    void ofWhatWasSentThereTheLast256AreKept() {
        seen(MOVED, ID);
        for (int i = 0; i < 257; i++) {
            sentTo(MOVED);
        }
        client.detour().onProven();

        int again = 0;
        while (nextSent() != null) {
            again++;
        }
        assertThat(again).isEqualTo(256);
    }

    /** The codec says home where it has not changed its mind since it heard from there. */
    @Test
    void whatGoesElsewhereInTheNameOfHomeIsKeptToo() {
        seen(MOVED, ID);
        client.probes = true; // or answers a challenge and no more: quiche stays where it is
        seen(MOVED, ID);
        assertThat(sentTo(HOME)).isEqualTo(MOVED);
        client.probes = false;
        seen(MOVED, ID);
        assertThat(sentTo(HOME)).isEqualTo(MOVED);
        assertThat(sentTo(MOVED)).isEqualTo(MOVED); // another connection's
        client.detour().onProven();

        assertThat(nextSent()).isEqualTo(MOVED);
        assertThat(nextSent()).isNull();
    }

    /** Two packets from an address that quiche has given up end the connection. */
    @Test
    void anAddressThatWasNotProvenIsProvenUnderAnother() {
        seen(MOVED, ID);
        client.failed.add(MOVED);
        client.detour().onUnproven();

        InetSocketAddress alias = Objects.requireNonNull(seen(MOVED, ID));
        assertThat(alias).isNotEqualTo(MOVED).isNotEqualTo(HOME);
        assertThat(detours.behind(alias)).isEqualTo(MOVED);
        assertThat(sentTo(alias)).isEqualTo(MOVED);
        assertThat(seen(MOVED, ID)).isEqualTo(HOME);
        assertThat(sentTo(HOME)).isEqualTo(MOVED);
        assertThat(client.moves).containsExactly(MOVED);

        seen(FURTHER, ID);
        InetSocketAddress second = Objects.requireNonNull(seen(MOVED, ID));
        assertThat(second).isNotEqualTo(MOVED).isNotEqualTo(HOME).isNotEqualTo(alias);
        client.close();
        assertThat(detours.behind(alias)).isEqualTo(alias);
        assertThat(detours.behind(second)).isEqualTo(second);
    }

    @Test
    void itIsTriedFourTimesInAll() {
        seen(MOVED, ID);
        for (int i = 0; i < 3; i++) {
            client.detour().onUnproven();
            assertThat(seen(MOVED, ID)).isNotEqualTo(HOME);
            assertThat(seen(MOVED, ID)).isEqualTo(HOME);
        }
        client.detour().onUnproven();
        assertThat(seen(MOVED, ID)).isEqualTo(HOME);
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
