package io.lb4j.internal.codec.http2;

import io.lb4j.http.Fields;
import io.lb4j.internal.codec.hpack.FieldFacts;
import io.lb4j.internal.codec.hpack.FieldSink;
import org.jspecify.annotations.Nullable;

/** Makes trailers of their block and judges them (RFC 9113 §8.1). Confined to the event loop of its connection. */
final class TrailerSink implements FieldSink {
    private final Fields trailers = new Fields();
    private @Nullable String fault;

    void begin() {
        trailers.clear();
        fault = null;
    }

    /** Returns the trailers; they are valid until the next ones begin. */
    Fields trailers() {
        return trailers;
    }

    /** Returns what is wrong with the trailers, or null. */
    @Nullable String fault() {
        return fault;
    }

    @Override
    public void onField(byte[] octets, int nameStart, int nameLength, int valueStart, int valueLength, int facts) {
        if (fault != null) {
            return;
        }
        int kind = facts & FieldFacts.KIND_MASK;
        boolean invalid = (facts & (FieldFacts.INVALID_NAME | FieldFacts.INVALID_VALUE)) != 0;
        if (invalid || FieldFacts.isPseudo(kind) || kind == FieldFacts.CONNECTION_SPECIFIC) {
            fault = "trailer: " + Octets.quote(octets, nameStart, nameLength)
                    + " (expected: a valid field that may stand there)";
            return;
        }
        // RFC 9110 §6.5.1: what frames or routes a message has no meaning behind it
        if (kind != FieldFacts.CONTENT_LENGTH && kind != FieldFacts.HOST && kind != FieldFacts.TE) {
            trailers.addValidated(
                    octets, nameStart, nameLength, valueStart, valueLength, (facts & FieldFacts.SENSITIVE) != 0);
        }
    }
}
