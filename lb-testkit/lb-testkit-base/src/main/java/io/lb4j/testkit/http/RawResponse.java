package io.lb4j.testkit.http;

import java.util.List;

/**
 * One response as a raw client read it.
 *
 * @param head status line and fields of the final response
 * @param body empty for HEAD, 1xx, 204 and 304
 * @param trailers of a chunked body
 * @param informational the 1xx heads that came before, in order; 101 is final and not among them
 * @param ending how the response ended
 */
public record RawResponse(
        ResponseHead head, Body body, Fields trailers, List<ResponseHead> informational, Ending ending) {

    /** Copies the list. */
    public RawResponse {
        informational = List.copyOf(informational);
    }

    /**
     * The status code.
     *
     * @return from 200, or 101
     */
    public int status() {
        return head.status();
    }

    /**
     * The reason phrase.
     *
     * @return may be empty
     */
    public String reason() {
        return head.reason();
    }

    /**
     * The header fields of the final response.
     *
     * @return in order
     */
    public Fields headers() {
        return head.fields();
    }

    /**
     * The body as UTF-8.
     *
     * @return text
     */
    public String text() {
        return body.text();
    }

    /**
     * Whether the connection ended before the body did. A body that ends with the connection by design is not
     * truncated: nobody can know.
     *
     * @return true if bytes are missing
     */
    public boolean wasTruncated() {
        return ending == Ending.TRUNCATED;
    }

    /**
     * Whether the end of the connection was seen while this response was read. A connection may also close right
     * after: see {@link RawClient#expectClose}.
     *
     * @return true if no further response can come
     */
    public boolean connectionClosed() {
        return ending != Ending.FRAMED;
    }

    /** How a response ended. */
    public enum Ending {
        /** By its own framing: a length, a last chunk, or having no body. The connection lives on. */
        FRAMED,
        /** With the connection, as its framing says. */
        CLOSED,
        /** With the connection, too early. */
        TRUNCATED
    }
}
