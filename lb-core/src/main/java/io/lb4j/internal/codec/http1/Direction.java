package io.lb4j.internal.codec.http1;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;

/** Which way a message goes, and thereby what its faults are called: a client is told them apart, an endpoint has sent nonsense. */
enum Direction {
    REQUEST(Kind.MALFORMED_REQUEST, Kind.TARGET_TOO_LONG, Kind.HEADERS_TOO_LARGE, Kind.BODY_TOO_LARGE),
    RESPONSE(Kind.MALFORMED_RESPONSE, Kind.MALFORMED_RESPONSE, Kind.MALFORMED_RESPONSE, Kind.MALFORMED_RESPONSE);

    private final Kind malformed;
    private final Kind longLine;
    private final Kind largeFields;
    private final Kind largeBody;

    Direction(Kind malformed, Kind longLine, Kind largeFields, Kind largeBody) {
        this.malformed = malformed;
        this.longLine = longLine;
        this.largeFields = largeFields;
        this.largeBody = largeBody;
    }

    ProxyException malformed(String message) {
        return new ProxyException(malformed, message);
    }

    ProxyException startLineTooLong(int limit) {
        return new ProxyException(longLine, "start line: more than " + limit + " octets (the limit)");
    }

    ProxyException fieldsTooLarge(String message) {
        return new ProxyException(largeFields, message);
    }

    ProxyException bodyTooLarge(long limit) {
        return new ProxyException(largeBody, "body: more than " + limit + " octets (the limit)");
    }
}
