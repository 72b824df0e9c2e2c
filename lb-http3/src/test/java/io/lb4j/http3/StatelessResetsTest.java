package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers to packets of connections that are gone, octet by octet. */
final class StatelessResetsTest {
    private static final String SECRET = "a-secret-of-thirty-two-octets-or-more";
    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
    private static final int PER_SECOND = 2_000;

    private final AtomicLong nanos = new AtomicLong(1);
    private final Figures figures = new Figures();
    private final ConnectionIds ours = new ConnectionIds();
    private final ConnectionIds others = unlike(ours);
    private final EmbeddedChannel socket = socket(ours);

    /** Returns ids with another mark: one draw in 65,536 has the same. */
    private static ConnectionIds unlike(ConnectionIds ours) {
        for (; ; ) {
            ConnectionIds drawn = new ConnectionIds();
            if (!ours.isOurs(Unpooled.wrappedBuffer(drawn.ofLoop(0).newId(ConnectionIds.OCTETS)), 0)) {
                return drawn;
            }
        }
    }

    private EmbeddedChannel socket(ConnectionIds ids) {
        ResetTokens tokens = new ResetTokens(ResetTokens.key(SECRET, "main"));
        return new EmbeddedChannel(
                new StatelessResets(ids, tokens, new StatelessResets.Pace(PER_SECOND, nanos::get), figures));
    }

    @AfterEach
    void nothingIsLeft() {
        socket.finishAndReleaseAll();
    }

    private static byte[] packet(ConnectionIds from, int octets) {
        byte[] packet = new byte[octets];
        packet[0] = 0x41;
        from.ofLoop(0).newId(ConnectionIds.OCTETS).get(packet, 1, Math.min(ConnectionIds.OCTETS, octets - 1));
        return packet;
    }

    private static Optional<byte[]> answer(EmbeddedChannel socket, byte[] packet) {
        socket.writeInbound(new DatagramPacket(Unpooled.wrappedBuffer(packet), HERE, CLIENT));
        DatagramPacket answer = socket.readOutbound();
        if (answer == null) {
            return Optional.empty();
        }
        assertThat(answer.recipient()).isEqualTo(CLIENT);
        byte[] octets = ByteBufUtil.getBytes(answer.content());
        answer.release();
        return Optional.of(octets);
    }

    @Test
    void anAnswerIsShorterThanWhatItAnswersAndEndsInTheIdsToken() {
        for (int octets = 22; octets <= 1_500; octets++) {
            byte[] packet = packet(others, octets);
            byte[] answer = answer(socket, packet).orElseThrow();

            assertThat(answer).as("to %d octets", octets).hasSizeBetween(21, octets - 1);
            assertThat(answer[0] & 0xc0).as("form of a short header").isEqualTo(0x40);
            byte[] token = new ResetTokens(ResetTokens.key(SECRET, "main"))
                    .of(ByteBuffer.wrap(packet, 1, ConnectionIds.OCTETS));
            assertThat(Arrays.copyOfRange(answer, answer.length - 16, answer.length))
                    .isEqualTo(token);
        }
        assertThat(answer(socket, packet(others, 21)))
                .as("nothing shorter is any")
                .isEmpty();
    }

    @Test
    void twoAnswersToOnePacketHaveNothingButTheTokenInCommon() {
        byte[] packet = packet(others, 40);
        byte[] first = answer(socket, packet).orElseThrow();
        byte[] second = answer(socket, packet).orElseThrow();

        assertThat(Arrays.copyOf(first, 23)).isNotEqualTo(Arrays.copyOf(second, 23));
        assertThat(Arrays.copyOfRange(first, 23, 39)).isEqualTo(Arrays.copyOfRange(second, 23, 39));
    }

    @Test
    void packetsOfOursAndThoseThatBeginConnectionsGoOn() {
        byte[] without = packet(others, 60);
        without[0] = 0x01;
        for (byte[] packet : new byte[][] {packet(ours, 60), FirstDatagram.madeUp(1_200), without}) {
            assertThat(answer(socket, packet)).isEmpty();
            DatagramPacket passed = socket.readInbound();
            assertThat(passed.content()).isEqualTo(Unpooled.wrappedBuffer(packet));
            passed.release();
        }
        assertThat(figures.value(Figure.STATELESS_RESETS)).isZero();
    }

    @Test
    void twoWhoKnowNothingOfEachOtherComeToAnEnd() {
        EmbeddedChannel peer = socket(others);
        Optional<byte[]> packet = Optional.of(packet(new ConnectionIds(), 1_200));
        int exchanged = 0;
        EmbeddedChannel next = socket;
        while (packet.isPresent()) {
            packet = answer(next, packet.get());
            next = next == socket ? peer : socket;
            exchanged++;
        }

        assertThat(exchanged).isLessThan(50);
        peer.finishAndReleaseAll();
    }

    @Test
    void soManyGoInASecondAndNoMore() {
        byte[] packet = packet(others, 60);
        for (int i = 0; i < PER_SECOND; i++) {
            assertThat(answer(socket, packet)).isPresent();
        }
        assertThat(answer(socket, packet)).isEmpty();
        assertThat(figures.value(Figure.STATELESS_RESETS)).isEqualTo(PER_SECOND);
        assertThat(figures.value(Figure.STATELESS_RESETS_HELD_BACK)).isEqualTo(1);

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(answer(socket, packet)).isPresent();
    }

    @Test
    void theTokenHangsOnTheSecretTheListenerAndTheId() {
        ByteBuffer id = others.ofLoop(3).newId(ConnectionIds.OCTETS);
        byte[] token = new ResetTokens(ResetTokens.key(SECRET, "main")).of(id);

        assertThat(new ResetTokens(ResetTokens.key(SECRET, "main")).of(id)).isEqualTo(token);
        assertThat(new ResetTokens(ResetTokens.key(SECRET, "other")).of(id)).isNotEqualTo(token);
        assertThat(new ResetTokens(ResetTokens.key(SECRET + "!", "main")).of(id))
                .isNotEqualTo(token);
        assertThat(new ResetTokens(ResetTokens.key(SECRET, "main"))
                        .of(others.ofLoop(3).newId(ConnectionIds.OCTETS)))
                .isNotEqualTo(token);
    }

    @Test
    void idsNameTheirLoopAndAreKnown() {
        ByteBuf id = Unpooled.wrappedBuffer(ours.ofLoop(300).newId(ConnectionIds.OCTETS));

        assertThat(id.readableBytes()).isEqualTo(11);
        assertThat(id.getUnsignedShort(0)).isEqualTo(300);
        assertThat(ours.isOurs(id, 0)).isTrue();
        assertThat(others.isOurs(id, 0)).isFalse();
    }

    @Test
    void theSecretIsShownNowhere() {
        Http3 http3 = Http3.of(made -> made.resetSecret(SECRET));

        assertThat(http3.settings().toTree()).containsEntry("reset_secret", "***");
        assertThat(http3.toString()).doesNotContain(SECRET);
        assertThat(http3).isNotEqualTo(Http3.of(made -> made.resetSecret(SECRET + "!")));
        String tooShort = SECRET.substring(0, 31);
        assertThatThrownBy(() -> Http3.of(made -> made.resetSecret(tooShort)))
                .hasMessageContaining("reset_secret")
                .hasMessageContaining("32 visible characters")
                .satisfies(fault -> assertThat(fault.getMessage()).doesNotContain(tooShort));
        assertThat(Http3.of(made -> made.resetSecret(SECRET.substring(0, 32)))).isNotNull();
    }
}
