package io.lb4j.internal.codec.http1;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.Version;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the heads of requests (RFC 9112 §3). One instance reads all heads of a connection into one {@link RequestHead}, which
 * {@link #next} makes ready for another.
 */
final class RequestReader extends HeadReader {
    private static final long HTTP_1_1 = Octets.eight("HTTP/1.1");
    private static final long HTTP_1_0 = Octets.eight("HTTP/1.0");
    private static final int VERSION_LENGTH = 8;
    private static final String CONTINUE = "100-continue";
    private static final String WEBSOCKET = "websocket";
    private static final Method[] METHODS = {
        Method.GET,
        Method.POST,
        Method.HEAD,
        Method.PUT,
        Method.DELETE,
        Method.OPTIONS,
        Method.PATCH,
        Method.CONNECT,
        Method.QUERY,
        Method.TRACE,
    };

    private final RequestHead head = new RequestHead();
    private final Framing framing = new Framing(Direction.REQUEST);
    private final String scheme;
    private String knownAuthority = ""; // the one validated last, for a client rarely asks for another
    private @Nullable String targetAuthority; // the one in the request line
    private boolean emptyLineSkipped;
    private boolean keepAlive;
    private boolean expectsContinue;

    /**
     * Creates a reader.
     *
     * @param scheme that of the connection: what an absolute target claims is not believed
     */
    RequestReader(Http1Limits.Head limits, String scheme) {
        super(Direction.REQUEST, limits, true);
        this.scheme = scheme;
    }

    /** Makes the head ready for the next request. */
    void next() {
        head.clear();
        head.scheme(scheme);
        framing.none();
        targetAuthority = null;
        emptyLineSkipped = false;
        keepAlive = false;
        expectsContinue = false;
    }

    RequestHead head() {
        return head;
    }

    Framing framing() {
        return framing;
    }

    /** Returns whether the client wants the connection to stay. */
    boolean isKeepAlive() {
        return keepAlive;
    }

    /** Returns whether the client waits for a 100 before it sends the body. */
    boolean expectsContinue() {
        return expectsContinue;
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
        byte first = source[from];
        if (Octets.isToken(first)) {
            return from;
        }
        // RFC 9112 §2.2: one empty line before the request line is to be ignored, for old clients send one after a
        // body.
        if (first != Octets.CR || emptyLineSkipped) {
            throw malformed("request line: begins with " + Octets.name(first) + " (expected: a method)");
        }
        if (to - from == 1) {
            return from - 1;
        }
        if (source[from + 1] != Octets.LF) {
            throw malformed("line before the request: holds a bare CR (expected: an empty line)");
        }
        emptyLineSkipped = true;
        return from + 2 == to ? to : lineStart(source, from + 2, to);
    }

    @Override
    void readLine(byte[] source, int start, int end) throws ProxyException {
        int methodEnd = Octets.tokenEnd(source, start, end);
        if (methodEnd == start || methodEnd == end || source[methodEnd] != Octets.SP) {
            throw malformed("method: " + Octets.quote(source, start, methodEnd) + " (expected: a token and a space)");
        }
        int targetStart = methodEnd + 1;
        int targetEnd = Octets.targetEnd(source, targetStart, end);
        if (targetEnd == targetStart || targetEnd == end || source[targetEnd] != Octets.SP) {
            throw malformed("target: "
                    + (targetEnd < end ? "followed by " + Octets.name(source[targetEnd]) : "at the end of the line")
                    + " (expected: visible ASCII, no fragment, then a space and the version)");
        }
        head.method(method(source, start, methodEnd));
        readVersion(source, targetEnd + 1, end);
        readTarget(source, targetStart, targetEnd);
    }

    private void readVersion(byte[] source, int start, int end) throws ProxyException {
        if (end - start == VERSION_LENGTH) {
            long text = Octets.eightAt(source, start);
            if (text == HTTP_1_1) {
                return;
            }
            if (text == HTTP_1_0) {
                head.version(Version.HTTP_1_0);
                return;
            }
            if (Octets.equal(source, start, start + 5, "HTTP/")
                    && Octets.isDigit(source[start + 5])
                    && source[start + 6] == '.'
                    && Octets.isDigit(source[start + 7])) {
                throw new ProxyException(
                        Kind.VERSION_NOT_SUPPORTED,
                        "version: " + Octets.quote(source, start, end) + " (expected: HTTP/1.1 or HTTP/1.0)");
            }
        }
        throw malformed("version: " + Octets.quote(source, start, end) + " (expected: HTTP/1.1 or HTTP/1.0)");
    }

    private void readTarget(byte[] source, int start, int end) throws ProxyException {
        if (head.method().equals(Method.CONNECT)) {
            // RFC 9112 §3.2.3: authority-form, and only here.
            String authority = text(source, start, end);
            Authority.require("target", authority);
            if (!Authority.hasPort(authority)) {
                throw malformed("target: " + Octets.quote(authority) + " (expected: host and port)");
            }
            targetAuthority = authority;
            return;
        }
        if (source[start] == '/') {
            head.target(text(source, start, end));
            return;
        }
        if (source[start] == '*' && end - start == 1 && head.method().equals(Method.OPTIONS)) {
            head.target("*");
            return;
        }
        readAbsoluteTarget(text(source, start, end));
    }

    /** RFC 9112 §3.2.2: a server takes the absolute form from every client. */
    private void readAbsoluteTarget(String target) throws ProxyException {
        int authorityStart = authorityStart(target);
        if (authorityStart < 0) {
            throw malformed("target: " + Octets.quote(target) + " (expected: a path, or an http or https URI)");
        }
        int authorityEnd = authorityStart;
        while (authorityEnd < target.length() && "/?".indexOf(target.charAt(authorityEnd)) < 0) {
            authorityEnd++;
        }
        String authority = target.substring(authorityStart, authorityEnd);
        Authority.require("target", authority);
        targetAuthority = authority;
        String rest = target.substring(authorityEnd);
        if (rest.isEmpty()) {
            // RFC 9112 §3.2.4: OPTIONS without a path means the server as a whole.
            head.target(head.method().equals(Method.OPTIONS) ? "*" : "/");
        } else {
            head.target(rest.startsWith("/") ? rest : "/" + rest);
        }
    }

    private static int authorityStart(String target) {
        for (String prefix : new String[] {"http://", "https://"}) {
            if (target.regionMatches(true, 0, prefix, 0, prefix.length())) {
                return prefix.length();
            }
        }
        return -1;
    }

    @Override
    void complete() throws ProxyException {
        judgeHost();
        Fields fields = head.fields();
        boolean isVersion10 = head.version() == Version.HTTP_1_0;
        framing.judge(fields, head.version());
        ConnectionOptions options = ConnectionOptions.of(fields);
        keepAlive = options.isPersistent(isVersion10);
        if (head.method().equals(Method.CONNECT) && framing.kind() != BodyKind.NONE) {
            throw malformed("CONNECT: with a body (expected: none)");
        }
        if (fields.contains(FieldName.EXPECT)) {
            judgeExpectation(isVersion10);
        }
        if (options.upgrade() && !isVersion10 && fields.contains(FieldName.UPGRADE)) {
            judgeUpgrade();
        }
    }

    private void judgeHost() throws ProxyException {
        Fields fields = head.fields();
        String named = targetAuthority;
        int at = fields.indexOf(FieldName.HOST);
        if (at < 0) {
            if (head.version() != Version.HTTP_1_0) {
                throw malformed("host: absent (expected: one, RFC 9112 §3.2)");
            }
            head.authority(named == null ? "" : named);
            return;
        }
        if (fields.indexOf(FieldName.HOST, at + 1) >= 0) {
            throw malformed("host: " + fields.values(FieldName.HOST) + " (expected: one)");
        }
        if (!isKnownAuthority(fields, at)) {
            String value = fields.valueAt(at);
            Authority.require("host", value);
            knownAuthority = value;
        }
        if (named != null && !named.equalsIgnoreCase(knownAuthority)) {
            throw malformed("host: " + Octets.quote(knownAuthority) + " (expected: " + Octets.quote(named)
                    + " as in the request line)");
        }
        head.authority(knownAuthority);
        fields.removeAt(at);
    }

    private boolean isKnownAuthority(Fields fields, int at) {
        String known = knownAuthority;
        int length = known.length();
        if (length == 0 || fields.valueLengthAt(at) != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (fields.valueOctetAt(at, i) != known.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void judgeExpectation(boolean isVersion10) throws ProxyException {
        Fields fields = head.fields();
        int at = fields.indexOf(FieldName.EXPECT);
        if (fields.indexOf(FieldName.EXPECT, at + 1) >= 0 || !fields.valueEqualsIgnoreCaseAt(at, CONTINUE)) {
            throw new ProxyException(
                    Kind.EXPECTATION_FAILED,
                    "expect: " + fields.values(FieldName.EXPECT) + " (expected: " + CONTINUE + ")");
        }
        if (isVersion10) {
            // RFC 9110 §10.1.1: a server ignores it there. An endpoint that did not would answer what the client cannot
            // read.
            fields.removeAt(at);
            return;
        }
        expectsContinue = framing.kind() != BodyKind.NONE;
    }

    /** Connection and Upgrade stay among the fields: the forwarding stage removes what Connection names before it removes them. */
    private void judgeUpgrade() throws ProxyException {
        Fields fields = head.fields();
        if (!head.method().equals(Method.GET) || !ListMember.isIn(fields, FieldName.UPGRADE, WEBSOCKET)) {
            return;
        }
        if (framing.kind() != BodyKind.NONE) {
            throw malformed("upgrade: with a body (expected: none)");
        }
        int keyAt = fields.indexOf(FieldName.SEC_WEBSOCKET_KEY);
        if (keyAt < 0 || fields.indexOf(FieldName.SEC_WEBSOCKET_KEY, keyAt + 1) >= 0) {
            throw malformed("sec-websocket-key: absent or twice (expected: one, RFC 6455 §4.2.1)");
        }
        head.protocol(WEBSOCKET);
    }

    private static Method method(byte[] source, int start, int end) {
        for (Method candidate : METHODS) {
            if (Octets.equal(source, start, end, candidate.name())) {
                return candidate;
            }
        }
        return Method.of(text(source, start, end));
    }

    private static String text(byte[] source, int start, int end) {
        return new String(source, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
