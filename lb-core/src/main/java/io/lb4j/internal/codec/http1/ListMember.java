package io.lb4j.internal.codec.http1;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;

/** The members of a comma-separated list (RFC 9110 §5.6.1), compared where they stand. */
final class ListMember {
    private ListMember() {}

    /** Returns whether a field of this name has this member, in any case of letters. */
    static boolean isIn(Fields fields, FieldName name, String member) {
        for (int at = fields.indexOf(name); at >= 0; at = fields.indexOf(name, at + 1)) {
            int length = fields.valueLengthAt(at);
            int start = 0;
            for (int i = 0; i <= length; i++) {
                if (i == length || fields.valueOctetAt(at, i) == ',') {
                    if (equals(fields, at, start, i, member)) {
                        return true;
                    }
                    start = i + 1;
                }
            }
        }
        return false;
    }

    /** Returns whether {@code from..to} of a value, without the white space around it, is this text in any case of letters. */
    static boolean equals(Fields fields, int at, int from, int to, String lowerCase) {
        int start = from;
        int end = to;
        while (start < end && Octets.isBlank(fields.valueOctetAt(at, start))) {
            start++;
        }
        while (end > start && Octets.isBlank(fields.valueOctetAt(at, end - 1))) {
            end--;
        }
        if (end - start != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            if (Octets.lowerToken(fields.valueOctetAt(at, start + i)) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
