package io.lb4j.internal.codec.hpack;

import java.util.Arrays;

/**
 * The Huffman code of RFC 7541 Appendix B. It is canonical: codes of one length are consecutive numbers in the order of their
 * symbols, and follow those of the next shorter length. So the lengths tell the whole code.
 */
final class Huffman {
    private static final int SYMBOLS = 257; // the last one is EOS
    private static final int EOS = 256;
    private static final int LONGEST = 30;

    /** The length in bits of each symbol's code, from '0' for 0. */
    private static final String LENGTHS = "=GLLLLLLLHNLLNLLLLLLLLNLLLLLLLLL6::<=68;::8;8666555666666678?6<:"
            + "=67777777777777777777777878=C=>6?56565666577666567655677777?;>=L"
            + "DFDDFFFGFGGGGGHGHHFGHGGGGEFGFGGHFEDFFGGEGFFHEFGGEEFEGFGGDFFFGFFG"
            + "JJDCFGFIJJJKKJHICEJKKJKHEEJJLKKKDHDEFEEGFFIIHHJGJKJJKKKKKLKKKKKJN";

    private static final byte[] LENGTH = new byte[SYMBOLS];
    private static final int[] CODE = new int[SYMBOLS];

    /** Decodes codes of up to this many bits by one look-up: every octet that is common in a header has one. */
    private static final int FAST_BITS = 10;

    private static final short[] FAST =
            new short[1 << FAST_BITS]; // symbol << 4 | length, or 0 where the code is longer

    // For the longer codes: symbols in the order of their codes, and per length the first code and its place in that
    // order.
    private static final short[] ORDERED = new short[SYMBOLS];
    private static final int[] FIRST_CODE = new int[LONGEST + 2];
    private static final int[] FIRST_PLACE = new int[LONGEST + 2];

    static {
        int code = 0;
        int place = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code <<= 1;
            FIRST_CODE[length] = code;
            FIRST_PLACE[length] = place;
            for (int symbol = 0; symbol < SYMBOLS; symbol++) {
                if (LENGTHS.charAt(symbol) - '0' == length) {
                    LENGTH[symbol] = (byte) length;
                    CODE[symbol] = code;
                    ORDERED[place++] = (short) symbol;
                    enterFast(symbol, code++, length);
                }
            }
        }
    }

    private Huffman() {}

    private static void enterFast(int symbol, int code, int length) {
        if (length <= FAST_BITS) {
            int first = code << (FAST_BITS - length);
            Arrays.fill(FAST, first, first + (1 << (FAST_BITS - length)), (short) (symbol << 4 | length));
        }
    }

    /** Returns how many octets encoding some octets takes. */
    static int encodedLength(byte[] source, int start, int length) {
        long bits = 0;
        for (int i = start; i < start + length; i++) {
            bits += LENGTH[source[i] & 0xff];
        }
        return (int) ((bits + 7) >>> 3);
    }

    /**
     * Encodes some octets.
     *
     * @return where the encoding ends in the target
     */
    static int encode(byte[] source, int start, int length, byte[] target, int targetStart) {
        int at = targetStart;
        long bits = 0;
        int pending = 0;
        for (int i = start; i < start + length; i++) {
            int symbol = source[i] & 0xff;
            int codeLength = LENGTH[symbol];
            bits = bits << codeLength | CODE[symbol];
            pending += codeLength;
            while (pending >= Byte.SIZE) {
                pending -= Byte.SIZE;
                target[at++] = (byte) (bits >>> pending);
            }
        }
        if (pending > 0) {
            // RFC 7541 §5.2: padded with the most significant bits of EOS, which are all ones
            target[at++] = (byte) (bits << (Byte.SIZE - pending) | 0xff >>> pending);
        }
        return at;
    }

    /** Returns the most octets that decoding this many can give: the shortest code has five bits. */
    static int longestDecoded(int encodedLength) {
        return (int) ((long) encodedLength * Byte.SIZE / 5);
    }

    /**
     * Decodes some octets.
     *
     * @return where the decoded octets end in the target
     * @throws HpackException if they hold EOS, or padding that is too long or not all ones
     */
    static int decode(byte[] source, int start, int length, byte[] target, int targetStart) throws HpackException {
        int at = targetStart;
        int next = start;
        int end = start + length;
        long bits = 0; // the lowest `pending` bits are yet to be decoded
        int pending = 0;
        while (true) {
            while (pending <= Integer.SIZE && next < end) {
                bits = bits << Byte.SIZE | (source[next++] & 0xff);
                pending += Byte.SIZE;
            }
            if (pending < Byte.SIZE) { // then next == end
                long ones = (1L << pending) - 1;
                if ((bits & ones) == ones) { // padding, or nothing: no code of less than eight bits is all ones
                    return at;
                }
            }
            int window = window(bits, pending);
            int fast = FAST[window >>> (Integer.SIZE - FAST_BITS)];
            int codeLength = fast & 0xf;
            int symbol = fast >>> 4;
            if (fast == 0) {
                codeLength = longLength(window);
                symbol = ORDERED[
                        FIRST_PLACE[codeLength] + (window >>> (Integer.SIZE - codeLength)) - FIRST_CODE[codeLength]];
            }
            if (codeLength > pending || symbol == EOS) {
                throw new HpackException("Huffman code: EOS, or wrong padding, " + pending
                        + " bits before the end (expected: octets, then at most 7 ones)");
            }
            pending -= codeLength;
            target[at++] = (byte) symbol;
        }
    }

    /** Returns the next 32 bits from the top; behind the last come ones, as in padding. */
    private static int window(long bits, int pending) {
        if (pending >= Integer.SIZE) {
            return (int) (bits >>> (pending - Integer.SIZE));
        }
        int missing = Integer.SIZE - pending;
        return (int) (bits << missing | (1L << missing) - 1);
    }

    private static int longLength(int window) {
        int length = FAST_BITS + 1;
        while (length < LONGEST
                && (window >>> (Integer.SIZE - length)) - FIRST_CODE[length]
                        >= FIRST_PLACE[length + 1] - FIRST_PLACE[length]) {
            length++;
        }
        return length;
    }
}
