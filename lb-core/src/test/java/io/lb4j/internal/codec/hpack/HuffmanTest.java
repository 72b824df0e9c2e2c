package io.lb4j.internal.codec.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HuffmanTest {
    @Test
    void decodesEverySymbolInEveryPlaceOfAnOctet() throws HpackException {
        for (int symbol = 0; symbol < 256; symbol++) {
            for (int before = 0; before < 8; before++) {
                byte[] text = new byte[before + 2];
                Arrays.fill(text, (byte) '0'); // five bits
                text[before] = (byte) symbol;
                assertThat(roundTrip(text))
                        .as("symbol %d behind %d", symbol, before)
                        .isEqualTo(text);
            }
        }
    }

    @Test
    void decodesRandomOctets() throws HpackException {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] text = new byte[random.nextInt(300)];
            random.nextBytes(text);
            assertThat(roundTrip(text)).isEqualTo(text);
        }
    }

    private static byte[] roundTrip(byte[] text) throws HpackException {
        int length = Huffman.encodedLength(text, 0, text.length);
        byte[] encoded = new byte[length];
        assertThat(Huffman.encode(text, 0, text.length, encoded, 0)).isEqualTo(length);
        byte[] decoded = new byte[Huffman.longestDecoded(length)];
        int end = Huffman.decode(encoded, 0, length, decoded, 0);
        return Arrays.copyOf(decoded, end);
    }
}
