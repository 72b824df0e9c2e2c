package io.lb4j.internal.codec.hpack;

/** Takes the fields of a header block in their order. */
@FunctionalInterface
public interface FieldSink {
    /**
     * A field. Its octets are valid during the call.
     *
     * @param octets holds the name and the value
     * @param facts what is known of the field: see {@link FieldFacts}
     */
    void onField(byte[] octets, int nameStart, int nameLength, int valueStart, int valueLength, int facts);
}
