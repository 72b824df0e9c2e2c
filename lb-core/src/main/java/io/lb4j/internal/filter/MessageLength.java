package io.lb4j.internal.filter;

import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;

/**
 * Whether a body that leaves the chain has the length that its head says: what does not would be read as the beginning of another message.
 * Confined to the exchange's event loop.
 */
final class MessageLength {
    private static final int MAX_DIGITS = 18;

    private long declared = -1; // as long as none is
    private long passed;

    /**
     * Notes the length that a head says.
     *
     * @param mustBeNothing whether the message ends here, so that its length can only be zero
     * @throws ProxyException if it is no length, or not this one
     */
    void declare(Fields fields, boolean mustBeNothing) throws ProxyException {
        int at = fields.indexOf(FieldName.CONTENT_LENGTH);
        if (at < 0) {
            return;
        }
        declared = parse(fields, at);
        if (declared < 0 || fields.indexOf(FieldName.CONTENT_LENGTH, at + 1) >= 0) {
            throw HeadCheck.unfit(
                    "content-length: " + fields.values(FieldName.CONTENT_LENGTH) + " (expected: one number)");
        }
        if (mustBeNothing && declared > 0) {
            throw HeadCheck.unfit("content-length: " + declared + " (expected: 0, for there is no body)");
        }
    }

    /** Returns whether a head still says the same. */
    boolean isAsDeclared(Fields fields) {
        int at = fields.indexOf(FieldName.CONTENT_LENGTH);
        if (at < 0) {
            return declared < 0;
        }
        return parse(fields, at) == declared && fields.indexOf(FieldName.CONTENT_LENGTH, at + 1) < 0;
    }

    private static long parse(Fields fields, int at) {
        int digits = fields.valueLengthAt(at);
        long number = 0;
        for (int i = 0; i < digits; i++) {
            int digit = fields.valueOctetAt(at, i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return digits == 0 || digits > MAX_DIGITS ? -1 : number;
    }

    /**
     * Counts a piece.
     *
     * @throws ProxyException if there is more than declared, or less at the end
     */
    void pass(int octets, boolean end) throws ProxyException {
        passed += octets;
        if (declared >= 0 && (passed > declared || (end && passed < declared))) {
            throw HeadCheck.unfit("body: " + passed + " octets (expected: content-length, " + declared
                    + "; who changes a body removes it)");
        }
    }

    /** Says the true length of a body that is known as a whole, where the head says one. */
    static void fit(Fields fields, int octets) {
        int at = fields.indexOf(FieldName.CONTENT_LENGTH);
        if (at >= 0 && parse(fields, at) != octets) {
            fields.set(FieldName.CONTENT_LENGTH, Integer.toString(octets));
        }
    }
}
