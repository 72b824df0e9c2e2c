package io.lb4j.internal.codec.http1;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;

/**
 * What the Connection fields of a message ask for (RFC 9110 §7.6.1, RFC 9112 §9.6), as far as the codec acts on it.
 *
 * @param close the connection ends with this exchange
 * @param keepAlive the connection stays, said by a peer of HTTP/1.0
 * @param upgrade the Upgrade field is meant for this connection
 */
record ConnectionOptions(boolean close, boolean keepAlive, boolean upgrade) {
    private static final ConnectionOptions NONE = new ConnectionOptions(false, false, false);
    private static final ConnectionOptions ONLY_CLOSE = new ConnectionOptions(true, false, false);
    private static final ConnectionOptions ONLY_KEEP_ALIVE = new ConnectionOptions(false, true, false);

    static ConnectionOptions of(Fields fields) {
        int at = fields.indexOf(FieldName.CONNECTION);
        if (at < 0) {
            return NONE;
        }
        if (fields.indexOf(FieldName.CONNECTION, at + 1) < 0) {
            if (fields.valueEqualsIgnoreCaseAt(at, "keep-alive")) {
                return ONLY_KEEP_ALIVE;
            }
            if (fields.valueEqualsIgnoreCaseAt(at, "close")) {
                return ONLY_CLOSE;
            }
        }
        return new ConnectionOptions(
                ListMember.isIn(fields, FieldName.CONNECTION, "close"),
                ListMember.isIn(fields, FieldName.CONNECTION, "keep-alive"),
                ListMember.isIn(fields, FieldName.CONNECTION, "upgrade"));
    }

    /** Returns whether the connection is to stay open after a message of this minor version (RFC 9112 §9.3). */
    boolean isPersistent(boolean isVersion10) {
        return !close && (!isVersion10 || keepAlive);
    }
}
