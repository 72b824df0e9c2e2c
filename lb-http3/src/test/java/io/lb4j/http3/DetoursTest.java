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
import io.netty.handler.codec.quic.QuicConnectionAddress;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections whose client has moved while much was under way. It is long, for what one packet means depends on what was done with those before it, and each such sequence is a test. */
final class DetoursTest {
    private static final InetSocketAddress SERVER = at(443);
    private static final InetSocketAddress HOME = at(1);
    private static final InetSocketAddress MOVED = at(2);
    private static final InetSocketAddress FURTHER = at(3);
    private static final byte ID = 7;
    private static final byte NEXT_ID = 8;
    private static final byte OTHER_ID = 9;
    private static final int GENUINE_AT = 1 + ConnectionIds.OCTETS;
    private static final int SMALL = 40;
    private static final int FULL = 1_200;
    private static final int GIVEN_UP = -1;
    private static final int ASKED = 1;
    private static final int ADDRESS_PROVEN = 2;

    private final Figures figures = new Figures();
    private final Strangers strangers = new Strangers(address -> false, figures);
    private final Detours detours = new Detours(strangers, figures);
    private final Codec codec = new Codec();
    private final EmbeddedChannel socket = new EmbeddedChannel(strangers, detours, codec);
    private final Client client = new Client();
    private final Detour detour = of(ID);

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static byte[] id(byte last) {
        byte[] id = new byte[ConnectionIds.OCTETS];
        id[id.length - 1] = last;
        return id;
    }

    private Detour of(byte id) {
        return new Detour(detours, new QuicConnectionAddress(id(id)), HOME, SERVER.getPort(), 64, client);
    }

    @BeforeEach
    void follow() {
        socket.freezeTime();
        strangers.onProven(HOME);
        assertThat(detour.follow()).isTrue();
        detour.names().addId(NEXT_ID);
        receive(HOME, SMALL);
        codec.shown.clear();
        codec.sizes.clear();
    }

    @AfterEach
    void release() {
        detour.close();
        socket.finishAndReleaseAll();
    }

    /** Where a packet was shown to have come from, and by which of our ports. */
    private record Shown(InetSocketAddress sender, int port) {}

    /** Makes paths as quiche does, and moves to those that are not home: of a packet shown so it returns. */
    private final class Codec extends ChannelInboundHandlerAdapter {
        private final List<Shown> shown = new ArrayList<>();
        private final List<Integer> sizes = new ArrayList<>();
        private Runnable onLong = () -> {};
        private @Nullable Detour made;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            ByteBuf octets = packet.content();
            Shown now = new Shown(packet.sender(), packet.recipient().getPort());
            shown.add(now);
            sizes.add(octets.readableBytes());
            boolean isLong = octets.getByte(0) < 0;
            if (isLong) {
                onLong.run();
            } else if (octets.getByte(GENUINE_AT) != 0) {
                client.packets++;
                client.receive(now, octets.readableBytes());
            }
            octets.skipBytes(octets.readableBytes()); // as the codec does
            packet.release();
        }

        private List<InetSocketAddress> senders() {
            return shown.stream().map(Shown::sender).toList();
        }
    }

    /** The connection as quiche has it. */
    private final class Client implements MovingClient {
        private final List<CountedPath> paths = new ArrayList<>(List.of(new CountedPath(HOME, SERVER.getPort())));
        private final Set<InetSocketAddress> proven = new HashSet<>(Set.of(HOME));
        private final List<InetSocketAddress> arrivals = new ArrayList<>();
        private long packets;
        private long sent;
        private int left = 8;

        private void activate(CountedPath next) {
            paths.forEach(path -> path.active = path == next);
        }

        void receive(Shown shown, int octets) {
            for (CountedPath path : paths) {
                if (path.sender.equals(shown.sender()) && path.port == shown.port()) {
                    activate(path);
                    path.recvBytes += octets;
                    if (path.state == 3) {
                        detour.onMigrated(shown.sender());
                    }
                    return;
                }
            }
            left--;
            CountedPath made = new CountedPath(shown.sender(), shown.port());
            made.recvBytes = octets;
            paths.add(made);
            activate(made);
            detour.onPath(shown.sender());
            strangers.onArrived(shown.sender(), () -> detour.isAddressProven(shown.sender()));
        }

        @Override
        public long packets() {
            return packets;
        }

        @Override
        public long sent() {
            return sent;
        }

        @Override
        public @Nullable QuicConnectionPathStats path(int number) {
            return number < paths.size() ? paths.get(number) : null;
        }

        @Override
        public boolean isProven(InetSocketAddress address) {
            return proven.contains(address);
        }

        @Override
        public boolean hasPathsLeft() {
            return left > 0;
        }

        @Override
        public void onArrived(InetSocketAddress at) {
            arrivals.add(at);
        }
    }

    private void receive(InetSocketAddress sender, byte id, int size, boolean genuine) {
        byte[] octets = new byte[size];
        octets[0] = 0x40;
        octets[GENUINE_AT - 1] = id;
        octets[GENUINE_AT] = (byte) (genuine ? 1 : 0);
        socket.writeInbound(new DatagramPacket(Unpooled.copiedBuffer(octets), SERVER, sender));
    }

    private void receive(InetSocketAddress sender, int size) {
        receive(sender, ID, size, true);
    }

    /** quiche sends a packet on a path, which the codec gives an address. */
    private @Nullable InetSocketAddress sent(int path, InetSocketAddress said, int size) {
        client.sent++;
        client.paths.get(path).sent++;
        client.paths.get(path).sentBytes += size;
        return written(said, size);
    }

    private @Nullable InetSocketAddress written(InetSocketAddress said, int size) {
        byte[] octets = new byte[size];
        octets[0] = 0x40;
        socket.writeOutbound(new DatagramPacket(Unpooled.wrappedBuffer(octets), said));
        DatagramPacket sent = socket.readOutbound();
        if (sent == null) {
            return null;
        }
        sent.release();
        return sent.recipient();
    }

    private void pass(long millis) {
        socket.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        socket.runScheduledPendingTasks();
    }

    /** The client has proven where it is. */
    private void prove(InetSocketAddress address) {
        client.paths.forEach(path -> path.state = path.sender.equals(address) ? 3 : path.state);
        client.proven.add(address);
        strangers.onProven(address);
        detour.onJudged();
    }

    /** The client moves: quiche is asked to have that address proven. */
    private void move(InetSocketAddress to) {
        receive(to, SMALL);
        receive(to, SMALL);
        codec.shown.clear();
    }

    @Test
    void ofTwoPacketsFromANewAddressTheFirstIsShownAsItIsAndAllElseAsFromHome() {
        receive(MOVED, SMALL);
        assertThat(codec.shown).isEmpty();
        receive(MOVED, FULL);
        assertThat(codec.senders()).containsExactly(MOVED, HOME);
        assertThat(codec.sizes).containsExactly(SMALL, FULL);
        assertThat(client.paths.get(0).active).isTrue();
        assertThat(detour.at()).isEqualTo(MOVED);

        receive(MOVED, SMALL);
        receive(MOVED, FULL);
        prove(MOVED);
        receive(MOVED, SMALL);
        assertThat(codec.senders()).containsExactly(MOVED, HOME, HOME, HOME, HOME);
        assertThat(sent(0, HOME, FULL)).isEqualTo(MOVED);
    }

    @Test
    void aSmallOneAloneWaitsFiveMilliseconds() {
        receive(MOVED, SMALL);
        pass(4);
        assertThat(codec.shown).isEmpty();

        pass(1);
        assertThat(codec.senders()).containsExactly(MOVED);
        receive(MOVED, SMALL);
        assertThat(codec.senders()).containsExactly(MOVED, HOME);
    }

    @Test
    void whatWaitsIsShownAsFromHomeWhereOthersHaveToldMeanwhileWhereTheClientIs() {
        receive(MOVED, SMALL);
        receive(FURTHER, FULL);
        receive(FURTHER, FULL);
        pass(5);

        assertThat(codec.senders()).containsExactly(HOME, HOME, HOME);
        assertThat(detour.at()).isEqualTo(FURTHER);
    }

    @Test
    void garbageFromElsewhereDoesNotKeepItFromBeingShownAsItIs() {
        receive(MOVED, SMALL);
        receive(FURTHER, ID, SMALL, false);
        receive(MOVED, SMALL);

        assertThat(codec.senders()).containsExactly(HOME, MOVED, HOME);
        assertThat(detour.at()).isEqualTo(MOVED);
    }

    @Test
    void whatWaitsGoesWithItsConnection() {
        receive(MOVED, SMALL);
        detour.close();
        pass(5);

        assertThat(codec.shown).isEmpty();
    }

    /** For it quiche could send more than one packet there, and what is lost of these is lost for good. */
    @Test
    void aLargeOneAloneIsThenShownAsFromHomeUnlessOnlySuchOnesCome() {
        for (int i = 0; i < 8; i++) {
            receive(MOVED, 401);
            pass(5);
        }
        assertThat(codec.senders()).hasSize(8).containsOnly(HOME);

        receive(MOVED, FULL);
        pass(5);
        assertThat(codec.senders()).endsWith(MOVED);
    }

    @Test
    void threeTimesWhatCameGoesToAnAddressThatIsNotProvenAndTheRestWhereTheClientWas() {
        receive(MOVED, 100);
        receive(MOVED, 100);
        assertThat(sent(1, MOVED, 300)).isEqualTo(MOVED);

        assertThat(sent(0, HOME, 200)).isEqualTo(MOVED);
        assertThat(sent(0, HOME, 101)).isEqualTo(HOME);
        assertThat(sent(0, HOME, 100)).isEqualTo(MOVED);
        assertThat(sent(0, HOME, 13)).isEqualTo(HOME);

        client.paths.get(1).state = ADDRESS_PROVEN;
        assertThat(sent(0, HOME, FULL)).isEqualTo(MOVED);
    }

    /** Else who spoofs the address of another's client would have a whole response sent there. */
    @Test
    void thoughAnotherConnectionHasProvenIt() {
        strangers.onProven(MOVED);
        move(MOVED);

        assertThat(sent(0, HOME, 3 * SMALL)).isEqualTo(MOVED);
        assertThat(sent(0, HOME, FULL)).isEqualTo(HOME);
    }

    /** A client may leave challenges unanswered for ever, and be gone from where it was. */
    @Test
    void afterAWhileTheRestGoesNowhere() {
        move(MOVED);
        sent(0, HOME, 3 * SMALL);
        pass(2_999);
        assertThat(sent(0, HOME, FULL)).isEqualTo(HOME);

        receive(FURTHER, SMALL);
        receive(FURTHER, SMALL);
        pass(1);
        assertThat(sent(0, HOME, FULL)).isNull();
        assertThat(figures.value(Figure.PACKETS_HELD_BACK)).isEqualTo(1);
    }

    /** The codec goes on with the address of a challenge, and who only waits for an answer would wait for ever. */
    @Test
    void eachPacketGoesWhereQuicheCountsItWhateverTheCodecSays() {
        move(MOVED);
        assertThat(sent(1, HOME, SMALL)).isEqualTo(MOVED);
        prove(MOVED);
        move(FURTHER);

        assertThat(sent(2, MOVED, SMALL)).isEqualTo(FURTHER);
        assertThat(sent(0, MOVED, SMALL)).isEqualTo(FURTHER);
        pass(25);
        receive(MOVED, SMALL);
        assertThat(sent(2, HOME, SMALL)).as("a challenge goes nowhere else").isEqualTo(FURTHER);
        assertThat(sent(0, FURTHER, SMALL)).isEqualTo(MOVED);
    }

    /** Who answers for an address that is another's would have it proven; and quiche asks for what it has given up, too. */
    @Test
    void aChallengeForAnAddressThatWasGivenUpGoesNowhereElse() {
        move(MOVED);
        sent(1, MOVED, SMALL);
        client.paths.get(1).state = GIVEN_UP;
        detour.onJudged();
        receive(HOME, SMALL);
        assertThat(sent(1, MOVED, SMALL)).isEqualTo(MOVED);

        move(FURTHER);
        sent(2, FURTHER, SMALL);
        assertThat(sent(1, FURTHER, SMALL)).isEqualTo(MOVED);
        assertThat(sent(0, FURTHER, SMALL)).isEqualTo(FURTHER);
    }

    @Test
    void quichesPathsAreFoundThoughTheirNumbersChange() {
        move(MOVED);
        move(FURTHER);
        client.paths.add(1, client.paths.remove(2));

        assertThat(sent(1, HOME, SMALL)).isEqualTo(FURTHER);
        assertThat(sent(2, HOME, SMALL)).isEqualTo(MOVED);
        assertThat(sent(0, MOVED, SMALL)).isEqualTo(FURTHER);
    }

    @Test
    void whatCannotBeToldGoesNowhere() {
        move(MOVED);
        client.sent++;
        client.paths.get(0).sent++;

        assertThat(sent(1, HOME, SMALL)).isNull();
        assertThat(figures.value(Figure.PACKETS_HELD_BACK)).isEqualTo(1);
        assertThat(sent(1, HOME, SMALL)).isEqualTo(MOVED);
    }

    @Test
    void whatIsOnNoPathGoesNowhere() {
        move(MOVED);
        client.sent++;

        assertThat(written(HOME, SMALL)).isNull();
    }

    @Test
    void quicheFollowsAClientThatStaysInAnotherNetwork() {
        move(MOVED);
        prove(MOVED);
        receive(MOVED, SMALL);
        detour.settle(MOVED);
        receive(MOVED, SMALL);
        receive(MOVED, SMALL);
        assertThat(codec.senders()).containsExactly(HOME, MOVED, MOVED);
        assertThat(sent(1, HOME, FULL)).isEqualTo(MOVED);

        client.proven.add(HOME);
        pass(25);
        receive(HOME, SMALL);
        assertThat(codec.senders()).endsWith(MOVED);
        assertThat(sent(1, MOVED, FULL)).isEqualTo(HOME);
    }

    /** Of two paths to one address one may be given up, and on that quiche cannot send. */
    @Test
    void butToAPathThatIsProvenAlone() {
        move(MOVED);
        client.paths.get(1).state = ASKED;
        pass(250);
        move(MOVED);
        client.paths.get(1).state = 3;
        client.paths.get(2).state = GIVEN_UP;
        client.proven.add(MOVED);
        strangers.onProven(MOVED);
        detour.settle(MOVED);
        codec.shown.clear();
        receive(MOVED, SMALL);

        assertThat(codec.shown).containsExactly(new Shown(MOVED, SERVER.getPort()));
    }

    /** quiche would begin to send all that it has to where the client need not stay, for an answer is no move. */
    @Test
    void anAnswerToAChallengeWaitsForWhatBringsQuicheHome() {
        receive(MOVED, SMALL);
        pass(5);
        codec.shown.clear();
        receive(MOVED, FULL);
        pass(29);
        assertThat(codec.shown).isEmpty();
        receive(MOVED, SMALL);
        assertThat(codec.senders()).containsExactly(HOME, HOME);
        assertThat(codec.sizes).endsWith(SMALL, FULL);

        receive(FURTHER, SMALL);
        pass(5);
        codec.shown.clear();
        receive(FURTHER, FULL);
        pass(30);
        assertThat(codec.senders()).containsExactly(HOME);
        receive(FURTHER, FULL);
        receive(FURTHER, FULL);
        assertThat(codec.senders()).hasSize(3);
    }

    @Test
    void garbageMovesNobody() {
        receive(MOVED, ID, SMALL, false);
        receive(MOVED, ID, SMALL, false);
        receive(MOVED, ID, FULL, false);
        pass(5);

        assertThat(detour.at()).isEqualTo(HOME);
        assertThat(client.arrivals).isEmpty();
        assertThat(sent(0, HOME, FULL)).isEqualTo(HOME);
    }

    /** The codec would say whom it heard last: it hears something from home. */
    @Test
    void norDoesItKeepAnythingFromTheClient() {
        receive(MOVED, ID, SMALL, false);
        pass(5);
        assertThat(codec.senders()).containsExactly(MOVED, HOME);

        receive(MOVED, NEXT_ID, FULL, false);
        assertThat(codec.senders()).containsExactly(MOVED, HOME, MOVED, HOME);
        assertThat(client.packets).as("genuine ones").isEqualTo(1);
    }

    /** By these, too, the codec would take another for whom it has heard last. */
    @Test
    void datagramsWithALongHeaderAreShownAsFromHome() {
        receiveLong(MOVED, id(ID));
        assertThat(codec.senders()).containsExactly(HOME);

        receiveLong(MOVED, new byte[] {1, 2, 3});
        assertThat(codec.senders()).as("which may begin a connection").containsExactly(HOME, MOVED);
    }

    @Test
    void soAreThoseWithTheIdThatTheClientHasChosenBeforeItKnewAnother() {
        byte[] chosen = {5, 6, 7, 8, 9, 10, 11, 12};
        codec.onLong = () -> codec.made = of((byte) 84);
        receiveLong(HOME, chosen);
        codec.onLong = () -> {};
        Detour made = Objects.requireNonNull(codec.made);
        assertThat(made.follow()).isTrue();
        receiveLong(MOVED, chosen);
        assertThat(codec.senders()).containsExactly(HOME, HOME);

        made.close();
        receiveLong(MOVED, chosen);
        assertThat(codec.senders()).containsExactly(HOME, HOME, MOVED);
    }

    private void receiveLong(InetSocketAddress sender, byte[] id) {
        ByteBuf octets = Unpooled.buffer()
                .writeByte(0xe0)
                .writeInt(1)
                .writeByte(id.length)
                .writeBytes(id)
                .writeZero(40);
        socket.writeInbound(new DatagramPacket(octets, SERVER, sender));
    }

    @Test
    void whatIsNobodysIsDropped() {
        receive(MOVED, OTHER_ID, SMALL, true);

        assertThat(codec.shown).isEmpty();
    }

    /** What comes next waits itself, if it comes from an address of which nobody has heard. */
    @Test
    void anAnswerWaitsOnWhereTheClientMovesOn() {
        receive(MOVED, SMALL);
        pass(5);
        receive(MOVED, FULL);
        codec.shown.clear();
        codec.sizes.clear();

        receive(FURTHER, SMALL);
        assertThat(codec.shown).isEmpty();
        receive(FURTHER, SMALL);
        assertThat(codec.senders()).containsExactly(FURTHER, HOME, HOME);
        assertThat(codec.sizes).containsExactly(SMALL, SMALL, FULL);
    }

    @Test
    void anAnswerIsDroppedWhereTheClientHasMovedOnAndNothingBringsQuicheHome() {
        receive(MOVED, SMALL);
        pass(5);
        receive(MOVED, FULL);
        receive(FURTHER, SMALL);
        pass(5);
        codec.shown.clear();

        pass(30);
        assertThat(codec.shown).isEmpty();
        assertThat(detour.at()).isEqualTo(FURTHER);
    }

    /** So the one that waits already, from where the client was, does not let the next through. */
    @Test
    void eachAnswerWaitsFromWhereverTheClientHasMovedOn() {
        receive(MOVED, SMALL);
        pass(5);
        receive(MOVED, FULL);
        receive(FURTHER, SMALL);
        pass(5);
        codec.shown.clear();
        codec.sizes.clear();

        receive(FURTHER, FULL);
        pass(29);
        assertThat(codec.shown).isEmpty();
        receive(FURTHER, SMALL);
        assertThat(codec.senders()).containsExactly(HOME, HOME);
        assertThat(codec.sizes).containsExactly(SMALL, FULL);
    }

    /** It may be the answer to what was asked where the client was. */
    @Test
    void aLargePacketThatComesAloneFromElsewhereWaitsForWhatBringsQuicheHome() {
        receive(MOVED, SMALL);
        pass(5);
        codec.shown.clear();

        receive(FURTHER, FULL);
        pass(34);
        assertThat(codec.shown).isEmpty();
        pass(1);
        assertThat(codec.shown).as("dropped").isEmpty();
        receive(FURTHER, FULL);
        pass(5);
        assertThat(codec.senders()).as("the next is taken").containsExactly(HOME);
    }

    @Test
    void othersWithTheSameAddressAreAnsweredThere() {
        move(MOVED);
        prove(MOVED);
        Detour other = of(OTHER_ID);
        assertThat(other.follow()).isTrue();

        assertThat(written(HOME, FULL)).isEqualTo(HOME);
        assertThat(sent(0, HOME, FULL)).isEqualTo(MOVED);
        other.close();
    }

    @Test
    void theClientMayReturn() {
        move(MOVED);
        pass(25);
        receive(HOME, SMALL);
        assertThat(sent(0, HOME, FULL)).isEqualTo(HOME);

        pass(25);
        receive(MOVED, SMALL);
        pass(25);
        receive(HOME, NEXT_ID, SMALL, true);
        assertThat(sent(0, HOME, FULL)).isEqualTo(HOME);
        assertThat(client.arrivals).containsExactly(MOVED, HOME, MOVED, HOME);
    }

    /** A client that moves on at once; what it sent before comes last, for packets overtake one another. */
    private void moveOnAndReceiveLate() {
        move(MOVED);
        prove(MOVED);
        pass(25);
        move(FURTHER);
        prove(FURTHER);
        receive(FURTHER, SMALL);
        pass(24);
        receive(MOVED, SMALL);
    }

    @Test
    void aPacketThatWasOvertakenMovesNoClient() {
        moveOnAndReceiveLate();

        assertThat(detour.at()).isEqualTo(FURTHER);
        assertThat(sent(0, HOME, FULL)).isEqualTo(FURTHER);
        assertThat(client.arrivals).containsExactly(MOVED, FURTHER);
    }

    /** Which of two packets was sent last nobody knows, and a client that waits for an answer says nothing. */
    @Test
    void aSilentClientIsLookedForInTurnWhereItMayBe() {
        moveOnAndReceiveLate();
        pass(175); // 199 since it was heard at the further
        assertThat(sent(0, HOME, FULL)).isEqualTo(FURTHER);
        pass(1);
        assertThat(sent(0, HOME, FULL)).isEqualTo(MOVED);
        pass(399);
        assertThat(sent(0, HOME, FULL)).isEqualTo(MOVED);
        pass(1);
        assertThat(sent(0, HOME, FULL)).isEqualTo(FURTHER);
    }

    @Test
    void aClientThatIsHeardIsLookedForNowhereElse() {
        moveOnAndReceiveLate();
        pass(200);
        receive(FURTHER, SMALL);
        pass(10_000);

        assertThat(sent(0, HOME, FULL)).isEqualTo(FURTHER);
    }

    @Test
    void aSilentClientThatWasNotOvertakenIsWhereItWasHeard() {
        move(MOVED);
        prove(MOVED);
        pass(10_000);

        assertThat(sent(0, HOME, FULL)).isEqualTo(MOVED);
    }

    /** Clients may ask whether packets come through before they move (RFC 9000 §9.1), and have another id for each address: quiche answers where they have asked. */
    @Test
    void packetsWithAnotherIdAreShownAsTheyAreUntilQuicheHasMoved() {
        receive(MOVED, NEXT_ID, FULL, true);
        receive(MOVED, NEXT_ID, SMALL, true);
        assertThat(codec.senders()).containsExactly(MOVED, MOVED);
        assertThat(detour.at()).isEqualTo(HOME);
        assertThat(sent(1, HOME, FULL)).isEqualTo(MOVED);
        assertThat(sent(0, HOME, FULL)).isEqualTo(HOME);

        client.paths.get(1).state = 3;
        receive(MOVED, NEXT_ID, SMALL, true);
        prove(MOVED);
        assertThat(detour.at()).isEqualTo(MOVED);
        receive(MOVED, NEXT_ID, SMALL, true);
        assertThat(codec.senders()).containsExactly(MOVED, MOVED, MOVED, HOME);
        assertThat(sent(0, HOME, FULL)).isEqualTo(MOVED);
    }

    /** quiche has no path to send on where it moves to one that it has given up. */
    @Test
    void anAddressThatIsGivenUpIsAnotherByAnotherOfOurPorts() {
        move(MOVED);
        client.paths.get(1).state = GIVEN_UP;
        receive(MOVED, SMALL);
        receive(MOVED, SMALL);

        assertThat(codec.shown.get(0).sender()).isEqualTo(MOVED);
        assertThat(codec.shown.get(0).port()).isNotEqualTo(SERVER.getPort());
        assertThat(codec.shown.get(1)).isEqualTo(new Shown(HOME, SERVER.getPort()));
        assertThat(sent(2, HOME, SMALL)).isEqualTo(MOVED);
    }

    /** A challenge is lost as other packets are, and its address's timer is slow: it knows nothing of the way. */
    @Test
    void whoHasNotAnsweredInAQuarterOfASecondIsAskedByAnotherOfOurPorts() {
        move(MOVED);
        client.paths.get(1).state = ASKED;
        pass(249);
        receive(MOVED, SMALL);
        assertThat(codec.senders()).containsExactly(HOME);

        pass(1);
        receive(MOVED, SMALL);
        receive(MOVED, SMALL);
        assertThat(codec.senders()).containsExactly(HOME, MOVED, HOME);
        assertThat(codec.shown.get(1).port()).isNotEqualTo(SERVER.getPort());

        pass(499);
        receive(MOVED, SMALL);
        client.paths.get(1).state = ADDRESS_PROVEN;
        pass(1);
        receive(MOVED, SMALL);
        assertThat(codec.senders()).as("answered meanwhile").containsExactly(HOME, MOVED, HOME, HOME, HOME);
    }

    @Test
    void quicheIsAskedForNoPathMoreThanItCanHave() {
        client.left = 0;
        receive(MOVED, SMALL);
        receive(MOVED, NEXT_ID, FULL, true);
        pass(5);

        assertThat(codec.senders()).containsExactly(HOME, HOME);
        assertThat(detour.at()).isEqualTo(MOVED);
    }

    /** quiche, by its code, sends nothing at all while it has a challenge to send for which a few octets too few may go there. */
    @Test
    void whereQuicheHasFallenSilentItMaySendMoreThere() {
        move(MOVED);
        sent(1, MOVED, 3 * SMALL); // acknowledgements alone
        move(FURTHER);
        pass(199);
        receive(FURTHER, SMALL);
        assertThat(codec.senders()).containsExactly(HOME);

        pass(1);
        receive(FURTHER, SMALL);
        assertThat(codec.senders()).containsExactly(HOME, MOVED);
        assertThat(detour.at()).isEqualTo(FURTHER);
    }

    @Test
    void norDoesAChallengeThatIsToBeRepeatedSilenceIt() {
        move(MOVED);
        sent(1, MOVED, 3 * SMALL - 99);
        client.paths.get(1).state = ASKED;
        receive(MOVED, SMALL);
        pass(200);
        receive(MOVED, SMALL);

        assertThat(codec.senders()).containsExactly(HOME, MOVED);
    }

    @Test
    void aClientThatWasIdleIsNotTakenForOneThatHasNoAnswer() {
        move(MOVED);
        client.paths.get(1).state = ADDRESS_PROVEN;
        sent(1, MOVED, 1);
        receive(MOVED, SMALL);
        pass(10_000);
        receive(MOVED, SMALL);

        assertThat(codec.senders()).containsExactly(HOME, HOME);
    }

    @Test
    void aClientIsNotFollowedWhereTooManyAre() {
        List<Detour> others = new ArrayList<>();
        for (byte last = 20; last < 83; last++) {
            Detour other = of(last);
            assertThat(other.follow()).isTrue();
            others.add(other);
        }
        Detour tooMany = of((byte) 83);
        assertThat(tooMany.follow()).isFalse();
        receive(MOVED, (byte) 83, SMALL, true);
        receive(MOVED, (byte) 83, SMALL, true);
        assertThat(codec.senders()).containsExactly(MOVED, MOVED);

        others.get(0).close();
        assertThat(tooMany.follow()).isTrue();
        tooMany.close();
        others.forEach(Detour::close);
    }

    @Test
    void theIdsThatTheCodecMakesForAConnectionAreKnown() {
        QuicConnectionIdGenerator ids = detours.learning(new ConnectionIds().ofLoop(0));
        ByteBuffer next = ids.newId(ByteBuffer.wrap(id(ID)), ConnectionIds.OCTETS);
        ByteBuffer third = ids.newId(next.duplicate(), ConnectionIds.OCTETS);
        byte[] packet = new byte[SMALL];
        packet[0] = 0x40;
        third.get(packet, 1, ConnectionIds.OCTETS);
        packet[GENUINE_AT] = 1;
        socket.writeInbound(new DatagramPacket(Unpooled.copiedBuffer(packet), SERVER, MOVED));

        assertThat(codec.senders()).as("of others nothing is").containsExactly(MOVED);
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
