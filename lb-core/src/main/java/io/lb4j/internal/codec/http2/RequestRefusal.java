package io.lb4j.internal.codec.http2;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.http.FieldName;
import io.lb4j.http.RequestHead;
import io.lb4j.internal.codec.hpack.HpackDecoder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a request is refused that is well formed, and so takes its answer as any other does. */
final class RequestRefusal {
    private static final Optional<String> WEBSOCKET = Optional.of("websocket");

    private RequestRefusal() {}

    /** Judges a request that was too large to be read to its end. */
    static ProxyException tooLarge(HpackDecoder decoder, Http2Limits.Heads limits) {
        return refusal(Kind.HEADERS_TOO_LARGE, sizeOf(decoder, limits));
    }

    /** Returns the size of the header section that was decoded last, and what it may be. */
    static String sizeOf(HpackDecoder decoder, Http2Limits.Heads limits) {
        return "header section: " + decoder.listSize() + " octets in " + decoder.fieldCount() + " fields (expected: <= "
                + limits.maxListOctets() + " in " + limits.maxFields() + ")";
    }

    /** Returns why a request is not served, or null. */
    static @Nullable ProxyException of(RequestHead head, boolean plainConnect, Http2Limits.Heads limits) {
        if (plainConnect) {
            return refusal(Kind.NOT_IMPLEMENTED, "method: CONNECT (expected: one that is served here)");
        }
        if (head.isUpgrade() && !head.protocol().equals(WEBSOCKET)) {
            // RFC 9220 §3 says what an unknown protocol is answered
            return refusal(Kind.NOT_IMPLEMENTED, ":protocol: not websocket");
        }
        int length = head.target().length();
        if (length > limits.maxTargetOctets()) {
            return refusal(
                    Kind.TARGET_TOO_LONG,
                    "target: " + length + " octets (expected: <= " + limits.maxTargetOctets() + ")");
        }
        int expect = head.fields().indexOf(FieldName.EXPECT);
        if (expect >= 0 && !head.fields().valueEqualsIgnoreCaseAt(expect, "100-continue")) {
            return refusal(Kind.EXPECTATION_FAILED, "expect: not 100-continue");
        }
        return null;
    }

    private static ProxyException refusal(Kind kind, String message) {
        return new ProxyException(kind, Delivery.UNPROCESSED, message, null);
    }
}
