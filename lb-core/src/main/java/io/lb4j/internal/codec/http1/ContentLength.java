package io.lb4j.internal.codec.http1;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;

/** The number in a content-length field (RFC 9110 §8.6). */
final class ContentLength {
    /** What {@link #of} returns for a field that is no single number. */
    static final long INVALID = -1;

    private static final int MAX_DIGITS = 18; // any number of so many digits fits a long

    private ContentLength() {}

    /**
     * Returns the one content-length of a message that has at least one, or {@link #INVALID}. Neither a list of equal numbers nor a
     * second field is taken, although RFC 9110 §8.6 would let a recipient repair them: parsers differ on it.
     */
    static long of(Fields fields) {
        int at = fields.indexOf(FieldName.CONTENT_LENGTH);
        int digits = fields.valueLengthAt(at);
        if (digits == 0 || digits > MAX_DIGITS || fields.indexOf(FieldName.CONTENT_LENGTH, at + 1) >= 0) {
            return INVALID;
        }
        long length = 0;
        for (int i = 0; i < digits; i++) {
            byte octet = fields.valueOctetAt(at, i);
            if (!Octets.isDigit(octet)) {
                return INVALID;
            }
            length = length * 10 + (octet - '0');
        }
        return length;
    }
}
