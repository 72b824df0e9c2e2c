package io.lb4j.internal.codec.http2;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.Version;
import io.lb4j.internal.codec.hpack.FieldFacts;
import io.lb4j.internal.codec.hpack.FieldSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request's head of its header block and judges it (RFC 9113 §8.1.1, §8.2, §8.3). The first fault is kept and the rest of
 * the block passed over. One object serves all requests of a connection; authorities and targets repeat, so the last text of each is
 * kept.
 *
 * <p>The scheme is what the connection is: a client that says otherwise could make an endpoint believe in TLS that is not there.
 *
 * <p>Confined to the event loop of its connection.
 */
final class RequestSink implements FieldSink {
    private static final int HOST_SEEN = 1 << 30;
    private static final int REGULAR_SEEN = 1 << 31;
    private static final byte[] CRUMB_SEPARATOR = "; ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COOKIE = "cookie".getBytes(StandardCharsets.US_ASCII);
    private static final int INITIAL_COOKIE = 256;
    private static final int LARGE_COOKIE = 4_096;

    private final String scheme;
    private RequestHead head = new RequestHead();
    private int seen; // bit n: a field of kind n
    private @Nullable String fault;
    private long contentLength;
    private @Nullable String protocol;
    private String host = "";
    private byte[] cookie = new byte[INITIAL_COOKIE]; // the name, then the pieces joined
    private int cookieLength;
    private boolean cookieSensitive;
    private final RepeatedText authorities = new RepeatedText();
    private final RepeatedText targets = new RepeatedText();

    /**
     * Creates a sink.
     *
     * @param scheme the one that requests of the connection have
     */
    RequestSink(String scheme) {
        this.scheme = scheme;
    }

    /** Begins a request. */
    void begin(RequestHead target) {
        head = target;
        head.version(Version.HTTP_2).scheme(scheme);
        seen = 0;
        fault = null;
        contentLength = -1;
        protocol = null;
        host = "";
        cookieLength = 0;
        cookieSensitive = false;
    }

    /** Returns what is wrong with the request, or null. */
    @Nullable String fault() {
        return fault;
    }

    /** Returns the value of content-length, or -1 without one. */
    long contentLength() {
        return contentLength;
    }

    /** Returns whether the request is a CONNECT without a protocol. */
    boolean isPlainConnect() {
        return head.method().equals(Method.CONNECT);
    }

    @Override
    public void onField(byte[] octets, int nameStart, int nameLength, int valueStart, int valueLength, int facts) {
        if (fault != null) {
            return;
        }
        if ((facts & (FieldFacts.INVALID_NAME | FieldFacts.INVALID_VALUE)) != 0) {
            fault = (facts & FieldFacts.INVALID_NAME) != 0
                    ? "field name: " + Octets.quote(octets, nameStart, nameLength)
                            + " (expected: a token in lower case)"
                    : "value of " + Octets.quote(octets, nameStart, nameLength)
                            + ": control character or white space around it (expected: none)";
            return;
        }
        int kind = facts & FieldFacts.KIND_MASK;
        if (FieldFacts.isPseudo(kind)) {
            onPseudo(kind, octets, nameStart, nameLength, valueStart, valueLength);
            return;
        }
        seen |= REGULAR_SEEN;
        boolean kept =
                kind == FieldFacts.PLAIN || keeps(kind, octets, nameStart, nameLength, valueStart, valueLength, facts);
        if (kept) {
            head.fields()
                    .addValidated(
                            octets,
                            nameStart,
                            nameLength,
                            valueStart,
                            valueLength,
                            (facts & FieldFacts.SENSITIVE) != 0);
        }
    }

    private void onPseudo(int kind, byte[] octets, int nameStart, int nameLength, int start, int length) {
        if ((seen & (REGULAR_SEEN | 1 << kind)) != 0) {
            fault = "pseudo-header field " + Octets.quote(octets, nameStart, nameLength)
                    + ((seen & REGULAR_SEEN) != 0 ? ": behind other fields" : ": twice");
            return;
        }
        seen |= 1 << kind;
        switch (kind) {
            case FieldFacts.METHOD -> onMethod(octets, start, length);
            case FieldFacts.SCHEME -> onScheme(octets, start, length);
            case FieldFacts.AUTHORITY -> head.authority(authority(octets, start, length));
            case FieldFacts.PATH -> onPath(octets, start, length);
            case FieldFacts.PROTOCOL -> protocol = Octets.text(octets, start, length);
            default ->
                fault = "pseudo-header field: " + Octets.quote(octets, nameStart, nameLength)
                        + " (expected: one of a request)";
        }
    }

    private void onMethod(byte[] octets, int start, int length) {
        if (Octets.equal(octets, start, length, "GET")) {
            head.method(Method.GET);
            return;
        }
        try {
            head.method(Method.of(Octets.text(octets, start, length)));
        } catch (IllegalArgumentException e) {
            fault = e.getMessage();
        }
    }

    private void onScheme(byte[] octets, int start, int length) {
        if (!Octets.equal(octets, start, length, "https") && !Octets.equal(octets, start, length, "http")) {
            fault = ":scheme: " + Octets.quote(octets, start, length) + " (expected: http or https)";
        }
    }

    private void onPath(byte[] octets, int start, int length) {
        if (!TargetSyntax.isTarget(octets, start, length)) {
            fault = ":path: " + Octets.quote(octets, start, length) + " (expected: a path, visible, without fragment)";
            return;
        }
        head.target(targets.of(octets, start, length));
    }

    private String authority(byte[] octets, int start, int length) {
        String text = authorities.repeated(octets, start, length);
        if (text != null) {
            return text;
        }
        if (!TargetSyntax.isAuthority(octets, start, length)) {
            fault = "authority: " + Octets.quote(octets, start, length) + " (expected: a host, and perhaps a port)";
            return "";
        }
        return authorities.of(octets, start, length);
    }

    /** Judges a field with a meaning in HTTP/2; returns whether it stays among the fields. */
    private boolean keeps(int kind, byte[] octets, int nameStart, int nameLength, int start, int length, int facts) {
        switch (kind) {
            case FieldFacts.CONNECTION_SPECIFIC -> // RFC 9113 §8.2.2
                fault = "field of a connection: " + Octets.quote(octets, nameStart, nameLength)
                        + " (expected: none in HTTP/2)";
            case FieldFacts.TE -> {
                if (!Octets.equalIgnoringCase(octets, start, length, "trailers")) {
                    fault = "te: " + Octets.quote(octets, start, length) + " (expected: trailers)";
                }
            }
            case FieldFacts.CONTENT_LENGTH -> {
                contentLength = contentLength < 0 ? Octets.decimal(octets, start, length) : -1;
                if (contentLength < 0) {
                    fault = "content-length: " + Octets.quote(octets, start, length) + " (expected: one number)";
                }
            }
            case FieldFacts.HOST -> {
                if ((seen & HOST_SEEN) != 0) {
                    fault = "host: twice";
                }
                seen |= HOST_SEEN;
                host = authority(octets, start, length);
                return false;
            }
            case FieldFacts.COOKIE -> {
                appendCrumb(octets, start, length);
                cookieSensitive |= (facts & FieldFacts.SENSITIVE) != 0;
                return false;
            }
            default -> {
                // a name known to the tables, without a meaning here
            }
        }
        return fault == null;
    }

    /** RFC 9113 §8.2.3: pieces of a cookie are joined before they leave HTTP/2. */
    private void appendCrumb(byte[] octets, int start, int length) {
        byte[] separator = cookieLength == 0 ? COOKIE : CRUMB_SEPARATOR;
        int needed = cookieLength + separator.length + length;
        if (needed > cookie.length) {
            cookie = Arrays.copyOf(cookie, Math.max(needed, 2 * cookie.length));
        }
        System.arraycopy(separator, 0, cookie, cookieLength, separator.length);
        System.arraycopy(octets, start, cookie, cookieLength + separator.length, length);
        cookieLength = needed;
    }

    /** Completes the head once its block is over; nothing more is done after a fault. */
    void finish() {
        if (cookieLength > 0) {
            head.fields()
                    .addValidated(
                            cookie, 0, COOKIE.length, COOKIE.length, cookieLength - COOKIE.length, cookieSensitive);
            if (cookie.length > LARGE_COOKIE) {
                cookie = new byte[INITIAL_COOKIE];
            }
        }
        if (fault == null) {
            fault = missing();
        }
        if (fault == null && protocol != null) {
            head.method(Method.GET).protocol(protocol); // as an upgrade of HTTP/1.1 would be: RFC 8441 §5
            head.fields().remove(FieldName.CONTENT_LENGTH); // RFC 9110 §9.3.6: CONNECT has no content
            contentLength = -1;
        }
    }

    private @Nullable String missing() {
        boolean hasAuthority = (seen & 1 << FieldFacts.AUTHORITY) != 0;
        if ((seen & HOST_SEEN) != 0) {
            if (hasAuthority && !head.authority().equalsIgnoreCase(host)) {
                return "host: differs from :authority (expected: the same)";
            }
            head.authority(host);
        }
        if ((seen & 1 << FieldFacts.METHOD) == 0) {
            return ":method: missing";
        }
        if (head.authority().isEmpty()) {
            return ":authority: missing";
        }
        boolean connect = head.method().equals(Method.CONNECT);
        if (protocol != null && !connect) {
            return ":protocol with " + head.method() + " (expected: CONNECT)"; // RFC 8441 §4
        }
        boolean hasScheme = (seen & 1 << FieldFacts.SCHEME) != 0;
        boolean hasPath = (seen & 1 << FieldFacts.PATH) != 0;
        if (connect && protocol == null) { // RFC 9113 §8.5
            return hasScheme || hasPath ? "CONNECT with :scheme or :path (expected: neither)" : null;
        }
        if (!hasScheme || !hasPath) {
            return hasScheme ? ":path: missing" : ":scheme: missing";
        }
        if (head.target().equals("*") && !head.method().equals(Method.OPTIONS)) {
            return ":path: * with " + head.method() + " (expected: OPTIONS)";
        }
        return null;
    }

    /** Returns the level of urgency that the request asks for (RFC 9218 §4.1). */
    static int urgency(Fields fields) {
        int index = fields.indexOf(FieldName.PRIORITY);
        // The one parameter that matters here, where nearly everybody writes it: in front. Anything else is the
        // default.
        boolean given = index >= 0
                && fields.valueLengthAt(index) >= 3
                && fields.valueOctetAt(index, 0) == 'u'
                && fields.valueOctetAt(index, 1) == '=';
        int level = given ? fields.valueOctetAt(index, 2) - '0' : -1;
        return level >= 0 && level < SendFlow.LEVELS ? level : 3;
    }
}
