package io.lb4j.internal.codec.http2;

/** A header block (RFC 9113 §4.3) as it is put together from HEADERS and CONTINUATION frames. */
final class HeaderBlock {
    private byte[] octets = new byte[0];
    private int start;
    private int end;
    private int streamId;
    private boolean endsStream;
    private boolean dependsOnItself;
    private boolean open;

    void begin(int newStreamId, boolean newEndsStream, boolean newDependsOnItself, int newStart, int newEnd) {
        streamId = newStreamId;
        endsStream = newEndsStream;
        dependsOnItself = newDependsOnItself;
        start = newStart;
        end = newEnd;
    }

    void append(int length) {
        end += length;
    }

    /** More is to come. */
    void open() {
        open = true;
    }

    /** The block is whole. */
    void close(byte[] holder) {
        open = false;
        octets = holder;
    }

    boolean isOpen() {
        return open;
    }

    byte[] octets() {
        return octets;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    int length() {
        return end - start;
    }

    int streamId() {
        return streamId;
    }

    boolean endsStream() {
        return endsStream;
    }

    /** Returns whether the frame's priority names the stream itself as its parent (RFC 7540 §5.3.1). */
    boolean dependsOnItself() {
        return dependsOnItself;
    }
}
