package io.lb4j.http3;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import java.util.List;

/** The fields that belong to one connection of HTTP/1.1, and have no place in HTTP/3 (RFC 9114 §4.2). */
final class ConnectionFields {
    private static final List<FieldName> NAMES = List.of(
            FieldName.CONNECTION,
            FieldName.KEEP_ALIVE,
            FieldName.PROXY_CONNECTION,
            FieldName.TRANSFER_ENCODING,
            FieldName.UPGRADE,
            FieldName.HTTP2_SETTINGS);

    private ConnectionFields() {}

    static boolean isOne(FieldOctets field) {
        for (int i = 0; i < NAMES.size(); i++) {
            if (field.hasName(NAMES.get(i).toString())) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the field at a position goes onto the wire. */
    static boolean isSent(Fields fields, int index, boolean tunnel) {
        if (fields.isAt(index, FieldName.TE)) {
            return fields.valueEqualsIgnoreCaseAt(index, "trailers");
        }
        if (tunnel
                && (fields.isAt(index, FieldName.SEC_WEBSOCKET_KEY) // RFC 9220 §3 as RFC 8441 §5: both are superseded
                        || fields.isAt(index, FieldName.SEC_WEBSOCKET_ACCEPT)
                        || fields.isAt(index, FieldName.CONTENT_LENGTH))) {
            return false;
        }
        for (int i = 0; i < NAMES.size(); i++) {
            if (fields.isAt(index, NAMES.get(i))) {
                return false;
            }
        }
        return true;
    }
}
