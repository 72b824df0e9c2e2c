package io.lb4j.internal.codec.http1;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Version;
import java.util.Locale;

/**
 * Judges by which means the end of a message's body is to be known (RFC 9112 §6). What two parsers might read differently is
 * refused, not repaired. Confined to its connection's event loop; used again for each message.
 */
final class Framing {
    private static final String CHUNKED = "chunked";

    private final Direction direction;
    private BodyKind kind = BodyKind.NONE;
    private long length;

    Framing(Direction direction) {
        this.direction = direction;
    }

    BodyKind kind() {
        return kind;
    }

    /** Returns the length, where that is the kind. */
    long length() {
        return length;
    }

    /** Says that the message has no body, whatever its fields say. */
    void none() {
        kind = BodyKind.NONE;
        length = 0;
    }

    /**
     * Judges the fields of a head, and removes transfer-encoding, which ends here.
     *
     * @throws ProxyException if they contradict each other or are malformed
     */
    void judge(Fields fields, Version version) throws ProxyException {
        length = 0;
        if (fields.contains(FieldName.TRANSFER_ENCODING)) {
            judgeCoding(fields, version);
            fields.remove(FieldName.TRANSFER_ENCODING);
            kind = BodyKind.CHUNKED;
            return;
        }
        if (fields.contains(FieldName.CONTENT_LENGTH)) {
            length = ContentLength.of(fields);
            if (length == ContentLength.INVALID) {
                throw direction.malformed("content-length: " + fields.values(FieldName.CONTENT_LENGTH)
                        + " (expected: one number of at most 18 digits)");
            }
            kind = length == 0 ? BodyKind.NONE : BodyKind.LENGTH;
            return;
        }
        kind = direction == Direction.REQUEST ? BodyKind.NONE : BodyKind.UNTIL_CLOSE;
    }

    private void judgeCoding(Fields fields, Version version) throws ProxyException {
        if (fields.contains(FieldName.CONTENT_LENGTH)) {
            throw direction.malformed("content-length and transfer-encoding: both (expected: one of them)");
        }
        if (version == Version.HTTP_1_0) {
            // RFC 9112 §6.1: such a message is to be treated as if its framing were faulty.
            throw direction.malformed("transfer-encoding: in HTTP/1.0 (expected: none)");
        }
        int at = fields.indexOf(FieldName.TRANSFER_ENCODING);
        if (fields.valueEqualsIgnoreCaseAt(at, CHUNKED) && fields.indexOf(FieldName.TRANSFER_ENCODING, at + 1) < 0) {
            return;
        }
        String codings = String.join(",", fields.values(FieldName.TRANSFER_ENCODING));
        String[] members = codings.toLowerCase(Locale.ROOT).split(",", -1);
        int last = members.length - 1;
        boolean endsOnce = last > 0 && members[last].strip().equals(CHUNKED);
        for (int i = 0; i < last; i++) {
            endsOnce &= !members[i].isBlank() && !members[i].strip().equals(CHUNKED);
        }
        if (!endsOnce || direction == Direction.RESPONSE) {
            throw direction.malformed(
                    "transfer-encoding: " + Octets.quote(codings) + " (expected: chunked, once and last)");
        }
        // RFC 9112 §6.1: a coding that is not understood is answered with 501. None but chunked is, for a body that was
        // compressed
        // on the way would have to be decompressed here, with all the danger of that.
        throw new ProxyException(
                Kind.NOT_IMPLEMENTED, "transfer-encoding: " + Octets.quote(codings) + " (expected: chunked alone)");
    }
}
