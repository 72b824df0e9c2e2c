package io.lb4j.testkit.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/**
 * Bodies of any size in constant memory: the byte at each position follows from the position alone, so that lost,
 * doubled or reordered bytes change the checksum.
 */
public final class Payload {
    /** A prime, so that the pattern never falls in step with buffers, frames or records. */
    private static final int PERIOD = 65_521;

    private static final byte[] PATTERN = pattern();

    private Payload() {}

    /**
     * The first bytes of the pattern.
     *
     * @param length how many
     * @return a new array
     */
    public static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int done = 0; done < length; done += PERIOD) {
            System.arraycopy(PATTERN, 0, bytes, done, Math.min(PERIOD, length - done));
        }
        return bytes;
    }

    /**
     * Writes the first bytes of the pattern.
     *
     * @param length how many, up to any size
     * @param out not flushed
     * @throws IOException if {@code out} does
     */
    public static void write(long length, OutputStream out) throws IOException {
        for (long left = length; left > 0; left -= PERIOD) {
            out.write(PATTERN, 0, (int) Math.min(PERIOD, left));
        }
    }

    /**
     * The checksum that {@link Body#crc32c} must show after that many bytes of the pattern.
     *
     * @param length how many
     * @return CRC-32C
     */
    public static long crc32c(long length) {
        CRC32C checksum = new CRC32C();
        for (long left = length; left > 0; left -= PERIOD) {
            checksum.update(PATTERN, 0, (int) Math.min(PERIOD, left));
        }
        return checksum.getValue();
    }

    private static byte[] pattern() {
        byte[] bytes = new byte[PERIOD];
        int state = 1;
        for (int i = 0; i < PERIOD; i++) {
            // The full-period generator of Numerical Recipes: cheap, and looks like noise to a compressor.
            state = state * 1_664_525 + 1_013_904_223;
            bytes[i] = (byte) (state >>> 24);
        }
        return bytes;
    }
}
