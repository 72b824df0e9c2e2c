package io.lb4j.internal.codec.http2;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The last text that some octets were turned into, for the case that the same ones come again. Confined to an event loop. */
final class RepeatedText {
    private static final int LONGEST = 256;

    private byte[] lastOctets = new byte[0];
    private @Nullable String lastText;

    /** Returns the last text if these are its octets, or null. */
    @Nullable String repeated(byte[] octets, int start, int length) {
        boolean same =
                length == lastOctets.length && Arrays.equals(lastOctets, 0, length, octets, start, start + length);
        return same ? lastText : null;
    }

    /** Returns the text of some octets. */
    String of(byte[] octets, int start, int length) {
        String known = repeated(octets, start, length);
        if (known != null) {
            return known;
        }
        String text = Octets.text(octets, start, length);
        if (length <= LONGEST) {
            lastOctets = Arrays.copyOfRange(octets, start, start + length);
            lastText = text;
        }
        return text;
    }
}
