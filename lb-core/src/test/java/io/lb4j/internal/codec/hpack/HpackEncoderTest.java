package io.lb4j.internal.codec.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.http.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HpackEncoderTest {
    private final HpackEncoder encoder = new HpackEncoder(4_096);

    @Test
    void writesARepeatedFieldAsOneOctet() {
        encode("x-name", "value");
        encode("x-name", "value"); // enters the table
        assertThat(encode("x-name", "value")).hasSize(1);
    }

    @Test
    void keepsAFieldThatIsSeenOnceOutOfTheTable() {
        assertThat(encode("x-name", "value")[0] & 0xf0).isEqualTo(0x00);
    }

    @ParameterizedTest
    @CsvSource({
        "authorization, Basic dXNlcjpwYXNzd29yZA==",
        "proxy-authorization, Basic dXNlcjpwYXNzd29yZA==",
        "set-cookie, session=0123456789abcdef0123456789abcdef",
        "cookie, short=1"
    })
    void neverIndexesCredentials(String name, String value) {
        for (int i = 0; i < 3; i++) {
            assertThat(encode(name, value)[0] & 0xf0).as("pattern").isEqualTo(0x10);
        }
    }

    @Test
    void indexesACookieThatIsTooLongToBeGuessed() {
        String cookie = "session=0123456789abcdef0123456789abcdef";
        encode("cookie", cookie);
        encode("cookie", cookie);
        assertThat(encode("cookie", cookie)).hasSize(1);
    }

    @Test
    void writesAFieldThatCameAsNeverIndexedInTheSameWay() {
        Fields fields = new Fields();
        byte[] octets = {'t', 'o', 'k', 'e', 'n', 'v'};
        fields.addValidated(octets, 0, 5, 5, 1, true);
        for (int i = 0; i < 3; i++) {
            encoder.begin();
            encoder.field(fields, 0);
            assertThat(block()[0] & 0xf0).isEqualTo(0x10);
        }
    }

    @Test
    void tellsOfASmallerTableAndOfALargerOneBehindIt() {
        encoder.tableSize(0);
        encoder.tableSize(1_000);
        encoder.begin();
        assertThat(block()).containsExactly(0x20, 0x3f, (byte) 0xc9, 0x07);
        encoder.begin();
        assertThat(block()).isEmpty();
    }

    @Test
    void takesNoMoreTableThanItsOwnLimit() {
        encoder.tableSize(1L << 31);
        encoder.begin();
        assertThat(block()).isEmpty(); // 4,096 as before
    }

    @Test
    void usesNothingOfATableThatThePeerHasClosed() {
        encoder.tableSize(0);
        for (int i = 0; i < 4; i++) {
            assertThat(encode("x-name", "value")).hasSizeGreaterThan(5);
        }
    }

    private byte[] encode(String name, String value) {
        encoder.begin();
        encoder.field(new Fields().add(name, value), 0);
        return block();
    }

    private byte[] block() {
        ByteBuf out = Unpooled.buffer();
        encoder.writeTo(out, 0, encoder.length());
        return ByteBufUtil.getBytes(out);
    }
}
