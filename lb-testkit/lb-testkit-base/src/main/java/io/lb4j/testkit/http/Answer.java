package io.lb4j.testkit.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One response, and the way it goes over the wire. Immutable: each setter returns a changed copy.
 *
 * <p>Defaults: no fields but {@code content-length}, no body, sent at once, the connection stays open.
 */
public final class Answer {
    private static final int DEFAULT_PIECE = 8 * 1024;

    private final int status;
    private final Fields fields;
    private final Content content;
    private final Delivery delivery;

    private Answer(int status, Fields fields, Content content, Delivery delivery) {
        this.status = status;
        this.fields = fields;
        this.content = content;
        this.delivery = delivery;
    }

    /**
     * An answer without body.
     *
     * @param status the final status code
     * @return with defaults
     */
    public static Answer status(int status) {
        Delivery delivery = new Delivery(
                Delivery.Framing.LENGTH, DEFAULT_PIECE, Duration.ZERO, Optional.empty(), OptionalLong.empty());
        return new Answer(status, Fields.none(), Content.of(new byte[0]), delivery);
    }

    /**
     * Default: none. Adds a header field.
     *
     * @param name sent as it is, right or wrong
     * @param value sent as it is, right or wrong
     * @return a changed copy
     */
    public Answer header(String name, String value) {
        return new Answer(status, fields.and(name, value), content, delivery);
    }

    /**
     * Default: none. Sets the body.
     *
     * @param text sent as UTF-8
     * @return a changed copy
     */
    public Answer body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Default: none. Sets the body.
     *
     * @param bytes copied
     * @return a changed copy
     */
    public Answer body(byte[] bytes) {
        return new Answer(status, fields, Content.of(bytes.clone()).trailed(content.trailers), delivery);
    }

    /**
     * Default: none. Sets a body of any size, made while it is sent: {@link Payload} of that length.
     *
     * @param length in bytes
     * @return a changed copy
     */
    public Answer payload(long length) {
        return new Answer(status, fields, Content.payload(length).trailed(content.trailers), delivery);
    }

    /**
     * Default: {@code content-length}. Sends the body chunked, in chunks of {@link #inPieces} (8 KiB by default).
     *
     * @return a changed copy
     */
    public Answer chunked() {
        return delivered(delivery.framed(Delivery.Framing.CHUNKED));
    }

    /**
     * Default: none. Adds a trailer field, and sends the body chunked.
     *
     * @param name sent as it is
     * @param value sent as it is
     * @return a changed copy
     */
    public Answer trailer(String name, String value) {
        return new Answer(status, fields, content.trailed(content.trailers.and(name, value)), delivery).chunked();
    }

    /**
     * Default: {@code content-length}. Sends the body without any framing and ends it by closing the connection.
     *
     * @return a changed copy
     */
    public Answer untilClose() {
        return delivered(delivery.framed(Delivery.Framing.CLOSE));
    }

    /**
     * Default: no framing field is left out. Sends no framing fields of its own and the body as it is, for answers
     * whose {@link #header} lines say what the test wants said, wrong lengths included.
     *
     * @return a changed copy
     */
    public Answer unframed() {
        return delivered(delivery.framed(Delivery.Framing.NONE));
    }

    /**
     * Default: 8 KiB, no pause. Sends the body piece by piece.
     *
     * @param bytes the size of each piece, and of each chunk if the body is chunked
     * @param pause after each piece
     * @return a changed copy
     * @throws IllegalArgumentException if {@code bytes} is not positive
     */
    public Answer inPieces(int bytes, Duration pause) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("inPieces: " + bytes + " bytes (expected: > 0)");
        }
        return delivered(delivery.paced(bytes, pause));
    }

    /**
     * Default: never. Resets the connection (RST) instead of sending this byte of the answer.
     *
     * @param position counted from the first byte of the status line; 0 sends nothing
     * @return a changed copy
     */
    public Answer resetAt(long position) {
        return delivered(delivery.cut(new Cut(position, Cut.Kind.RESET)));
    }

    /**
     * Default: never. Closes the connection (FIN) instead of sending this byte of the answer.
     *
     * @param position counted from the first byte of the status line; 0 sends nothing
     * @return a changed copy
     */
    public Answer closeAt(long position) {
        return delivered(delivery.cut(new Cut(position, Cut.Kind.FIN)));
    }

    /**
     * Default: the whole body. Announces the whole body, sends this much of it, and closes the connection (FIN).
     *
     * @param bodyBytes how many bytes of the body to send; chunk framing does not count
     * @return a changed copy
     */
    public Answer truncateBody(long bodyBytes) {
        return delivered(delivery.truncated(bodyBytes));
    }

    int status() {
        return status;
    }

    Fields fields() {
        return fields;
    }

    Fields trailers() {
        return content.trailers;
    }

    Content content() {
        return content;
    }

    Delivery delivery() {
        return delivery;
    }

    private Answer delivered(Delivery changed) {
        return new Answer(status, fields, content, changed);
    }

    /** A body that can be written again for each request. */
    record Content(long length, Source source, Fields trailers) {
        static Content of(byte[] bytes) {
            return new Content(bytes.length, out -> out.write(bytes), Fields.none());
        }

        static Content payload(long length) {
            return new Content(length, out -> Payload.write(length, out), Fields.none());
        }

        Content trailed(Fields changed) {
            return new Content(length, source, changed);
        }
    }

    @FunctionalInterface
    interface Source {
        void writeTo(OutputStream out) throws IOException;
    }
}
