package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.ScriptedUpstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When and how clients have to prove their address. */
final class RetryTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 4433);
    private static final int ID_OCTETS = 20;

    private final AtomicLong clock = new AtomicLong(1_000_000);
    private final Figures figures = new Figures();
    private final byte[] key = RetryTokens.newKey();

    private RetryTokens tokens(byte[] withKey) {
        return new RetryTokens(withKey, ID_OCTETS, () -> true, clock::get, figures);
    }

    private static ByteBuf id(int length) {
        return Unpooled.wrappedBuffer(new byte[length]);
    }

    private ByteBuf token() {
        ByteBuf token = Unpooled.buffer();
        assertThat(tokens(key).writeToken(token, id(8), CLIENT)).isTrue();
        return token;
    }

    private boolean isTaken(ByteBuf token, InetSocketAddress from) {
        return tokens(key).validateToken(token, from, id(ID_OCTETS)).isValid();
    }

    @Test
    void aTokenIsGoodForItsAddressAndForTenSeconds() {
        ByteBuf token = token();

        assertThat(isTaken(token, CLIENT)).isTrue();
        assertThat(isTaken(token, new InetSocketAddress("192.0.2.2", 4433))).isFalse();
        assertThat(isTaken(token, new InetSocketAddress("192.0.2.1", 4434))).isFalse();
        assertThat(tokens(RetryTokens.newKey())
                        .validateToken(token, CLIENT, id(ID_OCTETS))
                        .isValid())
                .isFalse();
        assertThat(tokens(key).validateToken(token, CLIENT, id(8)).isValid())
                .as("an id that no Retry has given out")
                .isFalse();
        clock.addAndGet(10_000);
        assertThat(isTaken(token, CLIENT)).isTrue();
        clock.addAndGet(1);
        assertThat(isTaken(token, CLIENT)).isFalse();
        assertThat(figures.value(Figure.TOKENS_REFUSED)).isEqualTo(5);
    }

    @Test
    void aTokenThatWasChangedIsRefused() {
        for (int i = 0, length = token().readableBytes(); i < length; i++) {
            ByteBuf changed = token();
            changed.setByte(i, changed.getByte(i) ^ 1);
            assertThat(isTaken(changed, CLIENT)).as("octet %d", i).isFalse();
        }
        assertThat(isTaken(Unpooled.wrappedBuffer(new byte[3]), CLIENT)).isFalse();
        assertThat(isTaken(Unpooled.wrappedBuffer(new byte[100]), CLIENT)).isFalse();
    }

    @Test
    void everyClientIsAskedWhereTheConfigurationSaysSo() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.retry(RetryMode.ALWAYS)));
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
            // More than one where the first answer took so long that the client has begun again.
            assertThat(edge.figure(Figure.RETRIES)).isPositive();
            assertThat(edge.figure(Figure.CONNECTIONS)).isBetween(1L, (long) client.attempts());
        }
    }

    @Test
    void nobodyIsAskedWithoutNeed() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
            assertThat(edge.figure(Figure.RETRIES)).isZero();
        }
    }

    @Test
    void handshakesThatNobodyEndsAreHeldAtTheThresholdAndClientsAreServedOn() throws Exception {
        int threshold = 4;
        int flood = 8;
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.retryHandshakes(threshold)));
                DatagramSocket between = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            HalfHandshakes half = new HalfHandshakes(between, edge.port());
            for (int i = 0; i < flood; i++) {
                half.begin();
            }
            await().untilAsserted(() -> assertThat(edge.figure(Figure.RETRIES)).isEqualTo(flood - threshold));
            assertThat(edge.figure(Figure.HANDSHAKES_OPEN)).isEqualTo(threshold);

            try (H3Client client = H3Client.connect(edge.port())) {
                assertThat(client.get("/gone").status()).isEqualTo(410);
            }
            assertThat(edge.figure(Figure.RETRIES)).isGreaterThan(flood - threshold);
        }
    }
}
