package io.lb4j.internal.codec.http2;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.codec.hpack.HpackEncoder;

/**
 * Makes header blocks of heads and trailers. Fields that belong to a connection of HTTP/1.1 stay behind (RFC 9113 §8.2.2), whatever
 * the stages in between have done about them. Confined to the event loop of its connection.
 */
final class HeadEncoder {
    private final HpackEncoder encoder;

    HeadEncoder(HpackEncoder encoder) {
        this.encoder = encoder;
    }

    /** Returns the block that was made last. */
    HpackEncoder block() {
        return encoder;
    }

    /** Makes the block of a response; the status is the one for the wire. */
    void response(ResponseHead head, int status, boolean tunnel) {
        encoder.begin();
        encoder.status(status);
        Fields fields = head.fields();
        for (int i = 0, size = fields.size(), judged = tunnel ? 0 : firstJudged(fields); i < size; i++) {
            if (i < judged || isSent(fields, i, tunnel)) {
                encoder.field(fields, i);
            }
        }
    }

    /** Makes the block of a request: an extended CONNECT where it asks for a protocol (RFC 8441 §4). */
    void request(RequestHead head) {
        encoder.begin();
        boolean upgrade = head.isUpgrade();
        encoder.method(upgrade ? Method.CONNECT.name() : head.method().name());
        if (upgrade || !head.method().equals(Method.CONNECT)) {
            encoder.scheme(head.scheme());
            encoder.path(head.target());
        }
        if (!head.authority().isEmpty()) {
            encoder.authority(head.authority());
        }
        head.protocol().ifPresent(encoder::protocol);
        Fields fields = head.fields();
        for (int i = 0, size = fields.size(), judged = upgrade ? 0 : firstJudged(fields); i < size; i++) {
            if (i < judged || (isSent(fields, i, upgrade) && !fields.isAt(i, FieldName.HOST))) {
                encoder.field(fields, i);
            }
        }
    }

    /** Makes the block of trailers. */
    void trailers(Fields trailers) {
        encoder.begin();
        for (int i = 0, size = trailers.size(), judged = firstJudged(trailers); i < size; i++) {
            if (i < judged || isSent(trailers, i, false)) {
                encoder.field(trailers, i);
            }
        }
    }

    /** Returns the first position at which a field may have to stay behind: with most messages, none. */
    private static int firstJudged(Fields fields) {
        boolean clean = !fields.contains(FieldName.CONNECTION)
                && !fields.contains(FieldName.TRANSFER_ENCODING)
                && !fields.contains(FieldName.KEEP_ALIVE)
                && !fields.contains(FieldName.UPGRADE)
                && !fields.contains(FieldName.PROXY_CONNECTION)
                && !fields.contains(FieldName.HTTP2_SETTINGS)
                && !fields.contains(FieldName.TE)
                && !fields.contains(FieldName.HOST)
                && !fields.contains(FieldName.SEC_WEBSOCKET_KEY)
                && !fields.contains(FieldName.SEC_WEBSOCKET_ACCEPT);
        return clean ? fields.size() : 0;
    }

    private static boolean isSent(Fields fields, int index, boolean tunnel) {
        if (fields.isAt(index, FieldName.TE)) {
            return fields.valueEqualsIgnoreCaseAt(index, "trailers");
        }
        if (tunnel
                && (fields.isAt(index, FieldName.SEC_WEBSOCKET_KEY) // RFC 8441 §5: both are superseded
                        || fields.isAt(index, FieldName.SEC_WEBSOCKET_ACCEPT)
                        || fields.isAt(index, FieldName.CONTENT_LENGTH))) {
            return false;
        }
        return !fields.isAt(index, FieldName.CONNECTION)
                && !fields.isAt(index, FieldName.TRANSFER_ENCODING)
                && !fields.isAt(index, FieldName.KEEP_ALIVE)
                && !fields.isAt(index, FieldName.UPGRADE)
                && !fields.isAt(index, FieldName.PROXY_CONNECTION)
                && !fields.isAt(index, FieldName.HTTP2_SETTINGS);
    }
}
