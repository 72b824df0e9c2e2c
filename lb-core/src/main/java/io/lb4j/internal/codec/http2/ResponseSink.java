package io.lb4j.internal.codec.http2;

import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.lb4j.internal.codec.hpack.FieldFacts;
import io.lb4j.internal.codec.hpack.FieldSink;
import org.jspecify.annotations.Nullable;

/**
 * Makes a response's head of its header block and judges it (RFC 9113 §8.1.1, §8.2, §8.3.2). The first fault is kept and the rest of
 * the block passed over. Confined to the event loop of its connection.
 */
final class ResponseSink implements FieldSink {
    private ResponseHead head = new ResponseHead();
    private boolean statusSeen;
    private boolean regularSeen;
    private long contentLength;
    private @Nullable String fault;

    /** Begins a response. */
    void begin(ResponseHead target) {
        head = target;
        head.version(Version.HTTP_2);
        statusSeen = false;
        regularSeen = false;
        contentLength = -1;
        fault = null;
    }

    /** Returns what is wrong with the response, or null. */
    @Nullable String fault() {
        return fault == null && !statusSeen ? ":status: missing" : fault;
    }

    /** Returns the value of content-length, or -1 without one. */
    long contentLength() {
        return contentLength;
    }

    @Override
    public void onField(byte[] octets, int nameStart, int nameLength, int valueStart, int valueLength, int facts) {
        if (fault != null) {
            return;
        }
        int kind = facts & FieldFacts.KIND_MASK;
        boolean invalid = (facts & (FieldFacts.INVALID_NAME | FieldFacts.INVALID_VALUE)) != 0;
        if (invalid || kind == FieldFacts.CONNECTION_SPECIFIC) {
            fault = "field: " + Octets.quote(octets, nameStart, nameLength)
                    + " (expected: a valid one, not of a connection)";
            return;
        }
        if (FieldFacts.isPseudo(kind)) {
            onPseudo(kind, octets, nameStart, nameLength, valueStart, valueLength);
            return;
        }
        regularSeen = true;
        if (kind == FieldFacts.CONTENT_LENGTH) {
            contentLength = contentLength < 0 ? Octets.decimal(octets, valueStart, valueLength) : -1;
            if (contentLength < 0) {
                fault = "content-length: " + Octets.quote(octets, valueStart, valueLength) + " (expected: one number)";
                return;
            }
        }
        head.fields()
                .addValidated(
                        octets, nameStart, nameLength, valueStart, valueLength, (facts & FieldFacts.SENSITIVE) != 0);
    }

    private void onPseudo(int kind, byte[] octets, int nameStart, int nameLength, int start, int length) {
        if (kind != FieldFacts.STATUS || statusSeen || regularSeen) {
            fault = "pseudo-header field: " + Octets.quote(octets, nameStart, nameLength)
                    + " (expected: :status, once and first)";
            return;
        }
        statusSeen = true;
        long status = length == 3 ? Octets.decimal(octets, start, length) : -1;
        if (status < 100 || status == 101) { // RFC 9113 §8.6: 101 does not exist in HTTP/2
            fault = ":status: " + Octets.quote(octets, start, length) + " (expected: 100..999, not 101)";
            return;
        }
        head.status((int) status);
    }
}
