package io.lb4j.internal.codec.hpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HpackDecoderTest {
    private static final int LITERAL = 0x00;
    private static final int INDEXING = 0x40;
    private static final int NEVER_INDEXED = 0x10;

    private final Collected collected = new Collected();

    @Test
    void takesAsManyFieldsAsAllowed() throws HpackException {
        HpackDecoder decoder = new HpackDecoder(4_096, 32_768, 3);
        assertThat(decode(decoder, "828282")).isTrue();
        assertThat(collected.lines()).hasSize(3);
    }

    @Test
    void storesNothingPastTheNumberOfFields() throws HpackException {
        HpackDecoder decoder = new HpackDecoder(4_096, 32_768, 3);
        assertThat(decode(decoder, "82828282")).isFalse();
        assertThat(collected.lines()).hasSize(3);
        assertThat(decoder.fieldCount()).isEqualTo(4);
    }

    @Test
    void takesAListOfTheSizeAllowed() throws HpackException {
        // ":method" and "GET" with 32 make 42
        assertThat(decode(new HpackDecoder(4_096, 84, 100), "8282")).isTrue();
        assertThat(collected.lines()).hasSize(2);
    }

    @Test
    void storesNothingPastTheSizeOfTheList() throws HpackException {
        HpackDecoder decoder = new HpackDecoder(4_096, 83, 100);
        assertThat(decode(decoder, "8282")).isFalse();
        assertThat(collected.lines()).hasSize(1);
        assertThat(decoder.listSize()).isEqualTo(84);
    }

    @Test
    void keepsTheTableRightPastALimit() throws HpackException {
        HpackDecoder decoder = new HpackDecoder(4_096, 32_768, 1);
        ByteBuf block = Unpooled.buffer();
        literal(block, INDEXING, "first", "1");
        literal(block, INDEXING, "second", "2");
        assertThat(decode(decoder, block)).isFalse();

        assertThat(decode(decoder, "be")).isTrue();
        assertThat(collected.lines()).containsExactly("first: 1", "second: 2");
    }

    @Test
    void countsABombWithoutKeepingIt() throws HpackException {
        HpackDecoder decoder = new HpackDecoder(4_096, 32_768, 100);
        ByteBuf block = Unpooled.buffer();
        literal(block, INDEXING, "x", "y".repeat(4_000));
        for (int i = 0; i < 60_000; i++) {
            block.writeByte(0xbe);
        }
        assertThat(decode(decoder, block)).isFalse();
        assertThat(collected.lines()).hasSizeLessThan(9);
        assertThat(decoder.fieldCount()).isEqualTo(60_001);
    }

    @Test
    void doesNotOverflowOnTheLargestBomb() throws HpackException {
        HpackDecoder decoder = new HpackDecoder(4_096, 32_768, Integer.MAX_VALUE);
        ByteBuf block = Unpooled.buffer();
        literal(block, INDEXING, "x", "y".repeat(4_000));
        for (int i = 0; i < 1_200_000; i++) {
            block.writeByte(0xbe);
        }
        assertThat(decode(decoder, block)).isFalse();
    }

    @Test
    void marksFieldsThatMustNeverBeIndexed() throws HpackException {
        ByteBuf block = Unpooled.buffer();
        literal(block, NEVER_INDEXED, "token", "t");
        literal(block, LITERAL, "plain", "p");
        assertThat(decode(decoder(), block)).isTrue();
        assertThat(collected.facts(0) & FieldFacts.SENSITIVE).isNotZero();
        assertThat(collected.facts(1) & FieldFacts.SENSITIVE).isZero();
    }

    @Test
    void heedsASmallerTable() throws HpackException {
        HpackDecoder decoder = decoder();
        ByteBuf block = Unpooled.buffer();
        literal(block, INDEXING, "name", "value");
        decode(decoder, block);
        assertThat(decode(decoder, "20" + "3fe11f" + "82")).isTrue(); // to 0, and back to 4,096
        assertThatThrownBy(() -> decode(decoder, "be")).isInstanceOf(HpackException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "3fe21f, size update: 4097", // one past the limit
        "8220, behind a field",
        "be, index: 62", // the table is empty
        "80, index: 0",
        "ff80808080808080, more than 28 bits",
        "ff, ends within a field",
        "40, ends within a field",
        "4001, string length: 1",
        "00017a7e, string length: 126",
        "0001788101, Huffman", // padding that is not all ones
        "00017881ff, Huffman", // eight bits of padding
        "00017884ffffffff, Huffman", // EOS
        "000178821fff, Huffman" // padding behind a whole code
    })
    void refuses(String hex, String message) {
        assertThatThrownBy(() -> decode(decoder(), hex))
                .isInstanceOf(HpackException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"Upper, true", "sp ace, true", "'', true", "ok-name_1.x, false", "col:on, true", "ümlaut, true"})
    void judgesNames(String name, boolean invalid) throws HpackException {
        ByteBuf block = Unpooled.buffer();
        literal(block, LITERAL, name, "v");
        decode(decoder(), block);
        assertThat((collected.facts(0) & FieldFacts.INVALID_NAME) != 0).isEqualTo(invalid);
    }

    @Test
    void judgesEveryOctetOfAValueAtEveryPlace() throws HpackException {
        for (int octet = 0; octet < 256; octet++) {
            boolean control = (octet < ' ' && octet != '\t') || octet == 0x7f;
            for (int place = 1; place < 18; place++) {
                byte[] value = "aaaaaaaaaaaaaaaaaaa".getBytes(StandardCharsets.US_ASCII);
                value[place] = (byte) octet;
                int facts = FieldFacts.ofValue(value, 0, value.length);
                assertThat(facts != 0).as("octet %d at %d", octet, place).isEqualTo(control);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"' a', true", "'a ', true", "'\ta', true", "'', false", "' ', true", "'a b', false"})
    void judgesWhiteSpaceAroundValues(String value, boolean invalid) {
        byte[] octets = value.getBytes(StandardCharsets.US_ASCII);
        assertThat(FieldFacts.ofValue(octets, 0, octets.length) != 0).isEqualTo(invalid);
    }

    private static HpackDecoder decoder() {
        return new HpackDecoder(4_096, 32_768, 100);
    }

    private boolean decode(HpackDecoder decoder, String hex) throws HpackException {
        byte[] block = HexFormat.of().parseHex(hex);
        return decoder.decode(block, 0, block.length, collected);
    }

    private boolean decode(HpackDecoder decoder, ByteBuf buffer) throws HpackException {
        byte[] block = new byte[buffer.readableBytes()];
        buffer.readBytes(block);
        return decoder.decode(block, 0, block.length, collected);
    }

    private static void literal(ByteBuf block, int pattern, String name, String value) {
        block.writeByte(pattern);
        string(block, name);
        string(block, value);
    }

    private static void string(ByteBuf block, String text) {
        int length = text.length();
        if (length < 127) {
            block.writeByte(length);
        } else {
            block.writeByte(127);
            for (length -= 127; length > 127; length >>>= 7) {
                block.writeByte(length | 0x80);
            }
            block.writeByte(length);
        }
        block.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    }
}
