package io.lb4j.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, whichever protocol it came by. A codec delivers it already judged: the framing fields agree with each
 * other, {@code host} has become {@link #authority()}, {@code transfer-encoding} is gone, and {@code content-length}, where it
 * is there, is a single valid number.
 *
 * <p>A request to switch protocols (RFC 9110 §7.8) and an extended CONNECT (RFC 8441, RFC 9220) look alike here: the method is
 * {@code GET}, {@link #protocol()} names the protocol, and the answer that agrees has status 101. Each codec says so in its own
 * way on the wire. A plain tunnel is {@code CONNECT} without a protocol.
 *
 * <p>Mutable and confined to the event loop of its exchange; used again after the exchange has ended.
 */
public final class RequestHead {
    private final Fields fields = new Fields();
    private Method method = Method.GET;
    private String scheme = "http";
    private String authority = "";
    private String target = "/";
    private int pathLength = 1;
    private @Nullable String path; // computed from the target when first asked for
    private @Nullable String protocol;
    private Version version = Version.HTTP_1_1;

    /** Creates a head that asks for {@code GET / HTTP/1.1} of nobody. */
    public RequestHead() {
        // Every field has a default.
    }

    /** Returns the method. */
    public Method method() {
        return method;
    }

    /** Sets the method. */
    public RequestHead method(Method newMethod) {
        method = newMethod;
        return this;
    }

    /** Returns the scheme, {@code http} or {@code https}. */
    public String scheme() {
        return scheme;
    }

    /** Sets the scheme. */
    public RequestHead scheme(String newScheme) {
        scheme = newScheme;
        return this;
    }

    /** Returns the host, with the port where one was given; empty when a request of HTTP/1.0 had none. */
    public String authority() {
        return authority;
    }

    /**
     * Sets the authority.
     *
     * @throws IllegalArgumentException if it holds a character that cannot stand there
     */
    public RequestHead authority(String newAuthority) {
        requireVisible("authority", newAuthority);
        authority = newAuthority;
        return this;
    }

    /** Returns the path with the query: the request target in origin form, or {@code *}. */
    public String target() {
        return target;
    }

    /**
     * Sets path and query.
     *
     * @throws IllegalArgumentException if it is empty or holds white space or a control character
     */
    public RequestHead target(String newTarget) {
        if (newTarget.isEmpty()) {
            throw new IllegalArgumentException("target: \"\" (expected: a path, or *)");
        }
        requireVisible("target", newTarget);
        target = newTarget;
        int query = newTarget.indexOf('?');
        pathLength = query < 0 ? newTarget.length() : query;
        path = null;
        return this;
    }

    /** Returns the path, without the query. */
    public String path() {
        String known = path;
        if (known == null) {
            known = pathLength == target.length() ? target : target.substring(0, pathLength);
            path = known;
        }
        return known;
    }

    /** Returns the query without its question mark. */
    public Optional<String> query() {
        return pathLength == target.length() ? Optional.empty() : Optional.of(target.substring(pathLength + 1));
    }

    /** Returns the protocol to switch to, {@code websocket} for example. */
    public Optional<String> protocol() {
        return Optional.ofNullable(protocol);
    }

    /** Returns whether the request asks to switch protocols. */
    public boolean isUpgrade() {
        return protocol != null;
    }

    /** Sets the protocol to switch to. */
    public RequestHead protocol(String newProtocol) {
        protocol = newProtocol;
        return this;
    }

    /** Takes the wish to switch protocols away. */
    public RequestHead withoutProtocol() {
        protocol = null;
        return this;
    }

    /** Returns the version of the leg that the request came by. */
    public Version version() {
        return version;
    }

    /** Sets the version. */
    public RequestHead version(Version newVersion) {
        version = newVersion;
        return this;
    }

    /** Returns the header fields; live. */
    public Fields fields() {
        return fields;
    }

    /** Makes this head as good as new. */
    public void clear() {
        fields.clear();
        method = Method.GET;
        scheme = "http";
        authority = "";
        target = "/";
        pathLength = 1;
        path = null;
        protocol = null;
        version = Version.HTTP_1_1;
    }

    /** Returns a head of its own that says the same. */
    public RequestHead copy() {
        RequestHead copy = new RequestHead();
        copy.fields.addAll(fields);
        copy.method = method;
        copy.scheme = scheme;
        copy.authority = authority;
        copy.target = target;
        copy.pathLength = pathLength;
        copy.protocol = protocol;
        copy.version = version;
        return copy;
    }

    private static void requireVisible(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException(
                        what + ": " + Tokens.quote(text) + " (expected: no space, no control character)");
            }
        }
    }

    /** Returns the request line as HTTP/1.1 would write it, without the query, which may hold secrets. */
    @Override
    public String toString() {
        return method + " " + scheme + "://" + authority + path() + " " + version;
    }
}
