package io.lb4j.internal.accept;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.internal.accept.ProxyHeader.Complete;
import io.lb4j.internal.accept.ProxyHeader.Incomplete;
import io.lb4j.internal.accept.ProxyHeader.Malformed;
import io.lb4j.internal.accept.ProxyHeader.Reading;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static final String LONGEST = "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
            + " ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n";
    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final int FUZZ_ROUNDS = 200_000;

    private static Reading read(byte[] octets) {
        ByteBuf in = Unpooled.wrappedBuffer(octets);
        Reading reading = ProxyHeader.read(in);
        assertThat(in.readerIndex()).isZero();
        return reading;
    }

    private static byte[] line(String text) {
        return text.getBytes(ISO_8859_1);
    }

    static byte[] binary(int command, int family, byte[] rest) {
        return ByteBuffer.allocate(16 + rest.length)
                .put(SIGNATURE)
                .put((byte) command)
                .put((byte) family)
                .putShort((short) rest.length)
                .put(rest)
                .array();
    }

    @Test
    void readsALine() {
        assertThat(read(line("PROXY TCP4 192.0.2.1 192.0.2.2 1 65535\r\nGET")))
                .isInstanceOfSatisfying(Complete.class, header -> {
                    assertThat(header.length()).isEqualTo(40);
                    assertThat(header.client().orElseThrow().toString()).isEqualTo("/192.0.2.1:1");
                    assertThat(header.target().orElseThrow().toString()).isEqualTo("/192.0.2.2:65535");
                });
        assertThat(read(line(LONGEST))).isInstanceOf(Complete.class);
        assertThat(read(line("PROXY UNKNOWN ffff::1 whatever\r\n")))
                .isInstanceOfSatisfying(
                        Complete.class, header -> assertThat(header.client()).isEmpty());
    }

    @Test
    void readsOctets() {
        byte[] addresses = {(byte) 192, 0, 2, 1, (byte) 192, 0, 2, 2, 0, 80, 1, (byte) 187};
        assertThat(read(binary(0x21, 0x11, addresses))).isInstanceOfSatisfying(Complete.class, header -> {
            assertThat(header.length()).isEqualTo(28);
            assertThat(header.client().orElseThrow().toString()).isEqualTo("/192.0.2.1:80");
            assertThat(header.target().orElseThrow().toString()).isEqualTo("/192.0.2.2:443");
        });
        for (byte[] nameless : List.of(
                binary(0x20, 0x11, addresses), binary(0x21, 0, new byte[0]), binary(0x21, 0x31, new byte[216]))) {
            assertThat(read(nameless))
                    .isInstanceOfSatisfying(
                            Complete.class,
                            header -> assertThat(header.client()).isEmpty());
        }
    }

    @Test
    void waitsForWhatIsStillToCome() {
        byte[] addresses = {(byte) 192, 0, 2, 1, (byte) 192, 0, 2, 2, 0, 80, 1, (byte) 187};
        for (byte[] whole : List.of(line(LONGEST), binary(0x21, 0x11, addresses))) {
            for (int length = 0; length < whole.length; length++) {
                assertThat(ProxyHeader.read(Unpooled.wrappedBuffer(whole, 0, length)))
                        .as("%d octets", length)
                        .isInstanceOf(Incomplete.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXY\r\n",
                "PROXY TCP4\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n",
                "PROXY  TCP4 1.2.3.4 1.2.3.4 1 2\r\n",
                "PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n",
                "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n",
                "PROXY TCP4 localhost 1.2.3.4 1 2\r\n",
                "PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n"
            })
    void refusesWhatIsNoLine(String text) {
        assertThat(read(line(text))).isInstanceOf(Malformed.class);
    }

    @Test
    void refusesALineOfMoreThanAHundredAndSevenOctets() {
        assertThat(read(line("PROXY UNKNOWN " + "x".repeat(91) + "\r\n"))).isInstanceOf(Complete.class);
        assertThat(read(line("PROXY UNKNOWN " + "x".repeat(92) + "\r\n"))).isInstanceOf(Malformed.class);
        assertThat(read(line("PROXY UNKNOWN " + "x".repeat(93)))).isInstanceOf(Malformed.class);
    }

    @Test
    void refusesOctetsThatDoNotFit() {
        assertThat(read(binary(0x11, 0x11, new byte[12]))).as("version").isInstanceOf(Malformed.class);
        assertThat(read(binary(0x22, 0x11, new byte[12]))).as("command").isInstanceOf(Malformed.class);
        assertThat(read(binary(0x21, 0x11, new byte[11]))).as("addresses").isInstanceOf(Malformed.class);
        assertThat(read(binary(0x21, 0x21, new byte[35]))).as("addresses").isInstanceOf(Malformed.class);
        assertThat(read(binary(0x21, 0x11, new byte[14]))).as("extension").isInstanceOf(Malformed.class);
        byte[] tooLong = new byte[15];
        tooLong[14] = 1;
        assertThat(read(binary(0x21, 0x11, tooLong))).as("extension").isInstanceOf(Malformed.class);
    }

    @Test
    void takesExtensionsUpToItsLimit() {
        byte[] rest = new byte[4096 - 16];
        int extension = rest.length - 12 - 3;
        rest[13] = (byte) (extension >> 8);
        rest[14] = (byte) extension;
        assertThat(read(binary(0x21, 0x11, rest))).isInstanceOf(Complete.class);
        assertThat(read(binary(0x21, 0x11, new byte[4096 - 15]))).isInstanceOf(Malformed.class);
    }

    @Test
    void neverReadsBeyondWhatIsThere() {
        Random random = new Random(20_260_101);
        byte[] addresses = new byte[52];
        byte[][] seeds = {line(LONGEST), binary(0x21, 0x11, addresses), binary(0x21, 0x21, addresses)};
        int complete = 0;
        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            byte[] octets = seeds[round % seeds.length].clone();
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(octets.length + 1);
            Reading reading = ProxyHeader.read(Unpooled.wrappedBuffer(octets, 0, length));
            if (reading instanceof Complete header) {
                complete++;
                assertThat(header.length()).isLessThanOrEqualTo(length);
            }
        }
        assertThat(complete).isPositive();
    }
}
