package io.lb4j.http3;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.http.FieldName;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.Version;
import io.lb4j.model.ListenerLimits;
import io.netty.handler.codec.http3.Http3Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request's head of its field section and judges it (RFC 9114 §4.2, §4.3). The scheme is what the connection is: a client that says
 * otherwise could make an endpoint believe in something that is not there. One object serves all requests of a connection; confined to its event
 * loop.
 */
final class RequestReader {
    private static final String WEBSOCKET = "websocket";
    private static final int OVERHEAD = 32; // RFC 9114 §4.2.2
    private static final int METHOD = 1;
    private static final int SCHEME = 1 << 1;
    private static final int AUTHORITY = 1 << 2;
    private static final int PATH = 1 << 3;
    private static final int PROTOCOL = 1 << 4;
    private static final int HOST = 1 << 5;

    private final FieldOctets field = new FieldOctets();
    private RequestHead head = new RequestHead();
    private int seen;
    private int count;
    private long size;
    private @Nullable String fault;
    private @Nullable String protocol;
    private long contentLength;
    private String host = "";
    private final StringBuilder cookie = new StringBuilder();

    /** Reads a request; the head is complete where {@link #fault()} is null. */
    void read(Http3Headers headers, RequestHead target) {
        head = target;
        head.version(Version.HTTP_3).scheme("https");
        seen = 0;
        count = 0;
        size = 0;
        fault = null;
        protocol = null;
        contentLength = -1;
        host = "";
        cookie.setLength(0);
        for (Map.Entry<CharSequence, CharSequence> entry : headers) {
            count++;
            size += octets(entry);
            if (fault == null) {
                onField(entry.getKey(), entry.getValue());
            }
        }
        finish();
    }

    private static int octets(Map.Entry<CharSequence, CharSequence> field) {
        return OVERHEAD + field.getKey().length() + field.getValue().length();
    }

    /** Returns the size of the field section, as RFC 9114 §4.2.2 reckons it. */
    long octets() {
        return size;
    }

    /** Returns what is wrong with the request, or null. */
    @Nullable String fault() {
        return fault;
    }

    private void onField(CharSequence name, CharSequence value) {
        field.take(name, value);
        if (field.isPseudo()) {
            onPseudo();
        } else if (!field.isNameValid()) {
            fault = "field name: " + field.quotedName() + " (expected: a token in lower case)";
        } else if (!field.isValueValid()) {
            fault = "value of " + field.name() + ": control character or white space around it (expected: none)";
        } else if (keeps()) {
            field.addTo(head.fields());
        }
    }

    private void onPseudo() {
        int kind = switch (field.name()) {
            case ":method" -> METHOD;
            case ":scheme" -> SCHEME;
            case ":authority" -> AUTHORITY;
            case ":path" -> PATH;
            case ":protocol" -> PROTOCOL;
            default -> 0;
        };
        if (kind == 0 || (seen & kind) != 0) {
            fault = "pseudo-header field: " + field.quotedName() + " (expected: one of a request, once)";
            return;
        }
        seen |= kind;
        switch (kind) {
            case METHOD -> onMethod(field.value());
            case SCHEME -> onScheme(field.value());
            case AUTHORITY -> head.authority(authority(field.value()));
            case PATH -> onPath(field.value());
            default -> protocol = field.value();
        }
    }

    private void onMethod(String name) {
        try {
            head.method(Method.of(name));
        } catch (IllegalArgumentException e) {
            fault = e.getMessage();
        }
    }

    private void onScheme(String scheme) {
        if (!scheme.equals("https") && !scheme.equals("http")) {
            fault = ":scheme: " + field.quotedValue() + " (expected: https)";
        }
    }

    private void onPath(String path) {
        if (!RequestTarget.isTarget(path)) {
            fault = ":path: " + field.quotedValue() + " (expected: a path, visible, without fragment)";
            return;
        }
        head.target(path);
    }

    private String authority(String text) {
        if (!RequestTarget.isAuthority(text)) {
            fault = "authority: " + field.quotedValue() + " (expected: a host, and perhaps a port)";
            return "";
        }
        return text;
    }

    /** Judges a field with a meaning in HTTP/3; returns whether it stays among the fields. */
    private boolean keeps() {
        if (field.hasName("cookie")) {
            // RFC 9114 §4.2.1: pieces of a cookie are joined before they leave HTTP/3
            cookie.append(cookie.isEmpty() ? "" : "; ").append(field.value());
            return false;
        }
        if (field.hasName("host")) {
            String value = authority(field.value());
            if ((seen & HOST) != 0 && !host.equals(value)) {
                fault = "host: twice";
            }
            seen |= HOST;
            host = value;
            return false;
        }
        if (field.hasName("content-length")) {
            long number = contentLength < 0 ? field.decimal() : -1;
            contentLength = number;
            fault = number < 0 ? "content-length: " + field.quotedValue() + " (expected: one number)" : null;
        } else if (field.hasName("te") && !field.value().equalsIgnoreCase("trailers")) {
            fault = "te: " + field.quotedValue() + " (expected: trailers)";
        } else if (ConnectionFields.isOne(field)) {
            fault = "field of a connection: " + field.quotedName() + " (expected: none in HTTP/3)"; // RFC 9114 §4.2
        }
        return fault == null;
    }

    private void finish() {
        if (!cookie.isEmpty()) {
            head.fields().add(FieldName.COOKIE, cookie);
        }
        if (fault == null) {
            fault = missing();
        }
        if (fault == null && protocol != null) {
            head.method(Method.GET).protocol(protocol); // as an upgrade of HTTP/1.1 would be: RFC 9220 §3
            head.fields().remove(FieldName.CONTENT_LENGTH);
        }
    }

    private @Nullable String missing() {
        if ((seen & HOST) != 0) {
            if ((seen & AUTHORITY) != 0 && !head.authority().equalsIgnoreCase(host)) {
                return "host: differs from :authority (expected: the same)";
            }
            head.authority(host);
        }
        if ((seen & METHOD) == 0) {
            return ":method: missing";
        }
        if (head.authority().isEmpty()) {
            return ":authority: missing";
        }
        boolean connect = head.method().equals(Method.CONNECT);
        if (protocol != null && !connect) {
            return ":protocol with " + head.method() + " (expected: CONNECT)";
        }
        if (connect && protocol == null) { // RFC 9114 §4.4
            return (seen & (SCHEME | PATH)) != 0 ? "CONNECT with :scheme or :path (expected: neither)" : null;
        }
        if ((seen & (SCHEME | PATH)) != (SCHEME | PATH)) {
            return (seen & SCHEME) != 0 ? ":path: missing" : ":scheme: missing";
        }
        if (head.target().equals("*") && !head.method().equals(Method.OPTIONS)) {
            return ":path: * with " + head.method() + " (expected: OPTIONS)";
        }
        return null;
    }

    /** Returns why a request that is well formed is refused, or null. */
    @Nullable ProxyException refusal(ListenerLimits limits) {
        ProxyException tooLarge = tooLarge("header section", size, count, limits);
        if (tooLarge != null) {
            return tooLarge;
        }
        if (fault != null) {
            return null;
        }
        if (head.method().equals(Method.CONNECT)) {
            return refusal(Kind.NOT_IMPLEMENTED, "method: CONNECT (expected: one that is served here)");
        }
        if (head.isUpgrade() && !WEBSOCKET.equals(head.protocol().orElse("")) && !CapsuleTunnel.isAskedFor(head)) {
            return refusal(Kind.NOT_IMPLEMENTED, ":protocol: neither websocket nor connect-udp nor connect-ip");
        }
        int length = head.target().length();
        if (length > limits.requestLine()) {
            return refusal(
                    Kind.TARGET_TOO_LONG, "target: " + length + " octets (expected: <= " + limits.requestLine() + ")");
        }
        int expect = head.fields().indexOf(FieldName.EXPECT);
        if (expect >= 0 && !head.fields().valueEqualsIgnoreCaseAt(expect, "100-continue")) {
            return refusal(Kind.EXPECTATION_FAILED, "expect: not 100-continue");
        }
        return null;
    }

    /** Returns why trailers are refused, or null. */
    @Nullable ProxyException trailersTooLarge(Http3Headers trailers, ListenerLimits limits) {
        long octets = 0;
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            octets += octets(field);
        }
        return tooLarge("trailer section", octets, trailers.size(), limits);
    }

    private static @Nullable ProxyException tooLarge(String what, long octets, int fields, ListenerLimits limits) {
        if (octets <= limits.headerSize() && fields <= limits.headerCount()) {
            return null;
        }
        return refusal(
                Kind.HEADERS_TOO_LARGE,
                what + ": " + octets + " octets in " + fields + " fields (expected: <= " + limits.headerSize() + " in "
                        + limits.headerCount() + ")");
    }

    private static ProxyException refusal(Kind kind, String message) {
        return new ProxyException(kind, Delivery.UNPROCESSED, message, null);
    }
}
