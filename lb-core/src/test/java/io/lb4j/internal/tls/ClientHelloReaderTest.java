package io.lb4j.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.internal.tls.ClientHelloReader.State;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloReaderTest {
    private static final int MAX = 16 * 1024;
    private static final SignatureSupport NOTHING_SAID = new SignatureSupport(Set.of(), false, false, false);

    private static final byte[] HELLO =
            Hello.plain().serverName("A.Example.com.").alpn("h2", "http/1.1").record();

    @Test
    void readsNameAndProtocols() {
        assertThat(read(HELLO).hello())
                .contains(new ClientHello(Optional.of("a.example.com"), List.of("h2", "http/1.1"), NOTHING_SAID));
    }

    @Test
    void readsAHelloWithoutExtensions() {
        assertThat(read(Hello.plain().record()).hello())
                .contains(new ClientHello(Optional.empty(), List.of(), NOTHING_SAID));
    }

    @Test
    void readsTheSameWhereverPacketsAreCut() {
        for (int cut = 1; cut < HELLO.length; cut++) {
            Reading reading = new Reading();
            assertThat(reading.read(Arrays.copyOf(HELLO, cut))).isEqualTo(State.INCOMPLETE);
            assertThat(reading.read(Arrays.copyOfRange(HELLO, cut, HELLO.length)))
                    .isEqualTo(State.COMPLETE);
            assertThat(reading.name()).contains("a.example.com");
            assertThat(reading.octets()).isEqualTo(HELLO);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 64})
    void readsTheSameHoweverRecordsAreCut(int size) {
        byte[] records = Hello.records(Hello.plain().serverName("a.example.com").message(), size);
        Reading atOnce = new Reading();
        assertThat(atOnce.read(records)).isEqualTo(State.COMPLETE);
        assertThat(atOnce.name()).contains("a.example.com");
        assertThat(atOnce.octets()).isEqualTo(records);

        Reading octetByOctet = new Reading();
        State state = State.INCOMPLETE;
        for (byte octet : records) {
            assertThat(state).isEqualTo(State.INCOMPLETE);
            state = octetByOctet.read(new byte[] {octet});
        }
        assertThat(state).isEqualTo(State.COMPLETE);
        assertThat(octetByOctet.name()).contains("a.example.com");
        assertThat(octetByOctet.octets()).isEqualTo(records);
    }

    @Test
    void keepsWhatFollowsForTheEngine() {
        byte[] more = Hello.concat(HELLO, new byte[] {20, 3, 3, 0, 1, 1});
        Reading reading = new Reading();
        assertThat(reading.read(more)).isEqualTo(State.COMPLETE);
        assertThat(reading.octets()).isEqualTo(more);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "\0\0\0\0\0\0", "\u0080.\1\3\1"})
    void knowsWhatIsNoTls(String sent) {
        assertThat(new Reading().read(sent.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
                .isEqualTo(State.NOT_TLS);
    }

    @Test
    void refusesAnotherMessageThanAHello() {
        byte[] message = Hello.plain().message();
        message[0] = 2;
        assertThat(new Reading().read(Hello.records(message, 100))).isEqualTo(State.MALFORMED);
    }

    @Test
    void refusesEmptyRecords() {
        assertThat(new Reading().read(new byte[] {22, 3, 1, 0, 0})).isEqualTo(State.MALFORMED);
    }

    @Test
    void refusesAnotherRecordWithinTheHello() {
        byte[] message = Hello.plain().serverName("a").message();
        byte[] mixed = Hello.concat(Hello.records(Arrays.copyOf(message, 10), 10), new byte[] {21, 3, 1, 0, 2, 1, 0});
        assertThat(new Reading().read(mixed)).isEqualTo(State.MALFORMED);
    }

    @Test
    void takesAHelloAtTheLimitAndRefusesOneOctetMore() {
        int overhead = Hello.plain().extension(21, new byte[0]).body().length;
        byte[] atLimit = Hello.plain().extension(21, new byte[MAX - overhead]).message();
        assertThat(atLimit.length - 4).isEqualTo(MAX);
        Reading reading = new Reading();
        assertThat(reading.read(Hello.records(atLimit, 16 * 1024))).isEqualTo(State.COMPLETE);
        reading.reader.release();
        byte[] beyond =
                Hello.plain().extension(21, new byte[MAX - overhead + 1]).message();
        // Refused as soon as its header is there.
        assertThat(new Reading().read(Arrays.copyOf(Hello.records(beyond, 16 * 1024), 9)))
                .isEqualTo(State.TOO_LARGE);
    }

    @Test
    void refusesManyCrumbsThatAmountToTooMuch() {
        byte[] message = Hello.plain().extension(21, new byte[12_000]).message();
        Reading reading = new Reading();
        byte[] records = Hello.records(message, 1);
        State state = reading.read(Arrays.copyOf(records, 64 * 1024));
        assertThat(state).isEqualTo(State.INCOMPLETE);
        assertThat(reading.read(new byte[] {22})).isEqualTo(State.TOO_LARGE);
    }

    @Test
    void refusesAnExtensionThatComesTwice() {
        assertThat(ofExtensions(Hello.plain().serverName("a").serverName("b"))).isEqualTo(State.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a b", "a/b", "*.example.com", "a\u0000b", "a\rb"})
    void refusesAServerNameThatIsNone(String name) {
        assertThat(ofExtensions(Hello.plain().serverName(name))).isEqualTo(State.MALFORMED);
    }

    @Test
    void refusesOctetsBehindTheExtensions() {
        byte[] body = Hello.concat(Hello.plain().serverName("a").body(), new byte[] {0});
        byte[] message = Hello.concat(new byte[] {1, 0, 0, (byte) body.length}, body);
        assertThat(new Reading().read(Hello.records(message, 1000))).isEqualTo(State.MALFORMED);
    }

    @Test
    void refusesAnEmptyListOfProtocols() {
        assertThat(ofExtensions(Hello.plain().extension(16, new byte[] {0, 0}))).isEqualTo(State.MALFORMED);
    }

    @Test
    void survivesWhateverItIsSent() {
        Random random = new Random(42);
        for (int i = 0; i < 5_000; i++) {
            byte[] mutated = HELLO.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            Reading reading = new Reading();
            int cut = random.nextInt(mutated.length);
            State state = reading.read(Arrays.copyOf(mutated, cut));
            if (state == State.INCOMPLETE) {
                state = reading.read(Arrays.copyOfRange(mutated, cut, mutated.length));
            }
            assertThat(state == State.COMPLETE).isEqualTo(reading.reader.hello().isPresent());
            reading.reader.release();
        }
    }

    private static State ofExtensions(Hello hello) {
        return new Reading().read(hello.record());
    }

    private static ClientHelloReader read(byte[] octets) {
        Reading reading = new Reading();
        reading.read(octets);
        reading.reader.release();
        return reading.reader;
    }

    private static final class Reading {
        final ClientHelloReader reader = new ClientHelloReader(MAX);

        State read(byte[] octets) {
            State state = reader.read(UnpooledByteBufAllocator.DEFAULT, Unpooled.copiedBuffer(octets));
            if (state != State.INCOMPLETE && state != State.COMPLETE) {
                reader.release();
            }
            return state;
        }

        Optional<String> name() {
            return reader.hello().flatMap(ClientHello::serverName);
        }

        byte[] octets() {
            ByteBuf taken = java.util.Objects.requireNonNull(reader.takeOctets());
            byte[] octets = ByteBufUtil.getBytes(taken);
            taken.release();
            return octets;
        }
    }
}
