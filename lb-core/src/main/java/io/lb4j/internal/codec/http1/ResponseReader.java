package io.lb4j.internal.codec.http1;

import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;

/** Reads the heads of responses (RFC 9112 §4). One instance reads all heads of a connection into one {@link ResponseHead}. */
final class ResponseReader extends HeadReader {
    private static final long HTTP_1_1 = Octets.eight("HTTP/1.1");
    private static final long HTTP_1_0 = Octets.eight("HTTP/1.0");
    private static final int STATUS_START = 9;
    private static final int STATUS_END = 12;

    private final ResponseHead head = new ResponseHead();
    private final Framing framing = new Framing(Direction.RESPONSE);
    private Method method = Method.GET;
    private boolean keepAlive;
    private boolean upgrade;

    ResponseReader(Http1Limits.Head limits) {
        super(Direction.RESPONSE, limits, true);
    }

    /** Makes the head ready for the first head that answers a request of this method. */
    void next(Method requestMethod) {
        method = requestMethod;
        nextHead();
    }

    /** Makes the head ready for the next one that answers the same request. */
    void nextHead() {
        head.clear();
        framing.none();
        keepAlive = false;
        upgrade = false;
    }

    ResponseHead head() {
        return head;
    }

    Framing framing() {
        return framing;
    }

    /** Returns whether the endpoint lets the connection stay. */
    boolean isKeepAlive() {
        return keepAlive;
    }

    /** Returns whether Connection names the Upgrade field. */
    boolean namesUpgrade() {
        return upgrade;
    }

    @Override
    Fields fields() {
        return head.fields();
    }

    @Override
    int lineStart(byte[] source, int from, int to) throws ProxyException {
        if (from == to) {
            return from - 1;
        }
        if (source[from] != 'H') {
            throw malformed("status line: begins with " + Octets.name(source[from]) + " (expected: HTTP/1.1)");
        }
        return from;
    }

    @Override
    void readLine(byte[] source, int start, int end) throws ProxyException {
        boolean hasStatus = end - start >= STATUS_END
                && source[start + STATUS_START - 1] == Octets.SP
                && source[start + STATUS_START] >= '1'
                && Octets.isDigit(source[start + STATUS_START])
                && Octets.isDigit(source[start + STATUS_START + 1])
                && Octets.isDigit(source[start + STATUS_START + 2]);
        // RFC 9112 §4 wants a space even before an empty reason; some endpoints leave out both, and nothing hangs on
        // it.
        boolean hasReason = hasStatus
                && (end - start == STATUS_END || source[start + STATUS_END] == Octets.SP)
                && Octets.valueEnd(source, start + STATUS_END, end) == end;
        if (!hasReason) {
            throw malformed(
                    "status line: " + Octets.quote(source, start, end) + " (expected: version, status and reason)");
        }
        long version = Octets.eightAt(source, start);
        if (version == HTTP_1_0) {
            head.version(Version.HTTP_1_0);
        } else if (version != HTTP_1_1) {
            throw malformed("version: " + Octets.quote(source, start, start + STATUS_START - 1)
                    + " (expected: HTTP/1.1 or HTTP/1.0)");
        }
        head.status((source[start + STATUS_START] - '0') * 100
                + (source[start + STATUS_START + 1] - '0') * 10
                + (source[start + STATUS_START + 2] - '0'));
    }

    @Override
    void complete() throws ProxyException {
        Fields fields = head.fields();
        framing.judge(fields, head.version());
        int status = head.status();
        if (status < 200 || status == 204) {
            // RFC 9110 §8.6: content-length must not stand there, and says nothing.
            fields.remove(FieldName.CONTENT_LENGTH);
        }
        if (status < 200 || status == 204 || status == 304 || method.equals(Method.HEAD)) {
            framing.none();
        }
        head.untilClose(framing.kind() == BodyKind.UNTIL_CLOSE);
        ConnectionOptions options = ConnectionOptions.of(fields);
        keepAlive = options.isPersistent(head.version() == Version.HTTP_1_0);
        upgrade = options.upgrade();
    }
}
