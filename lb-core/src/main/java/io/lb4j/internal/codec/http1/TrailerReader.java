package io.lb4j.internal.codec.http1;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;

/**
 * Reads trailers (RFC 9112 §7.1.2). Those that could change what was already decided about the message are dropped: RFC 9110 §6.5.1
 * forbids fields of framing, routing, authentication, request modification and content format, and lets a recipient ignore them. A
 * recipient further on that merges trailers into the head would otherwise believe them.
 */
final class TrailerReader extends HeadReader {
    private static final FieldName[] FORBIDDEN = {
        FieldName.TRANSFER_ENCODING,
        FieldName.CONTENT_LENGTH,
        FieldName.HOST,
        FieldName.CONNECTION,
        FieldName.KEEP_ALIVE,
        FieldName.PROXY_CONNECTION,
        FieldName.TE,
        FieldName.TRAILER,
        FieldName.UPGRADE,
        FieldName.HTTP2_SETTINGS,
        FieldName.EXPECT,
        FieldName.MAX_FORWARDS,
        FieldName.CACHE_CONTROL,
        FieldName.AUTHORIZATION,
        FieldName.PROXY_AUTHORIZATION,
        FieldName.PROXY_AUTHENTICATE,
        FieldName.COOKIE,
        FieldName.SET_COOKIE,
        FieldName.CONTENT_TYPE,
        FieldName.CONTENT_ENCODING,
        FieldName.FORWARDED,
        FieldName.X_FORWARDED_FOR,
        FieldName.X_FORWARDED_PROTO,
        FieldName.X_FORWARDED_HOST,
        FieldName.X_FORWARDED_PORT,
        FieldName.of("content-range"),
        FieldName.of("range"),
        FieldName.of("www-authenticate"),
    };

    private final Fields trailers = new Fields();

    TrailerReader(Direction direction, Http1Limits.Head limits) {
        super(direction, limits, false);
    }

    @Override
    Fields fields() {
        return trailers;
    }

    @Override
    int lineStart(byte[] source, int from, int to) {
        return from;
    }

    @Override
    void readLine(byte[] source, int start, int end) {
        throw new IllegalStateException("start line: present (expected: trailers have none)");
    }

    @Override
    void complete() {
        for (FieldName name : FORBIDDEN) {
            trailers.remove(name);
        }
    }

    /** Returns whether a trailer at a position must not be sent. */
    static boolean isForbidden(Fields trailers, int index) {
        for (FieldName name : FORBIDDEN) {
            if (trailers.isAt(index, name)) {
                return true;
            }
        }
        return false;
    }
}
