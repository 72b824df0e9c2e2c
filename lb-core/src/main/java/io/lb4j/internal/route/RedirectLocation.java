package io.lb4j.internal.route;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.RequestHead;
import io.lb4j.model.PathPattern;
import io.lb4j.model.PathTemplate;
import io.lb4j.model.Redirect;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Computes where a redirect sends the client. Immutable and thread-safe.
 *
 * <p>The result names scheme and host wherever these are known, so that no path can be taken for a host; where they are not (HTTP/1.0
 * without a host), it begins with exactly one slash.
 */
public final class RedirectLocation {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final Redirect redirect;
    private final UnaryOperator<String> path;

    /**
     * Compiles a redirect.
     *
     * @param pattern what the path of the requests matches
     */
    public RedirectLocation(Redirect redirect, PathPattern pattern) {
        this.redirect = redirect;
        this.path = pathOf(redirect, pattern);
    }

    private static UnaryOperator<String> pathOf(Redirect redirect, PathPattern pattern) {
        Optional<String> prefix = redirect.prefix();
        if (prefix.isPresent()) {
            return PathRewriter.replacePrefix(prefix.get(), pattern);
        }
        Optional<PathTemplate> template = redirect.path();
        return template.isPresent() ? new PathExpansion(template.get(), pattern)::expand : UnaryOperator.identity();
    }

    /**
     * Returns the value of the {@code Location} field.
     *
     * @param head its target has been normalized
     * @throws ProxyException {@link Kind#MALFORMED_REQUEST} if the request's host, which the answer would repeat, is none
     */
    public String locate(RequestHead head) throws ProxyException {
        String scheme = redirect.scheme().orElse(head.scheme());
        String host = redirect.host().map(RedirectLocation::bracketed).orElse("");
        if (host.isEmpty()) {
            host = head.authority().substring(0, Authority.hostEnd(head.authority()));
            requireHost(host);
        }
        String target = head.target().charAt(0) == '/' ? head.target() : "/";
        int question = target.indexOf('?');
        String changed = PathRewriter.withOneSlash(path.apply(question < 0 ? target : target.substring(0, question)));
        String query = question < 0 || !redirect.keepsQuery() ? "" : target.substring(question);
        String reference = PercentEncoding.encodeForeign(changed + query);
        return host.isEmpty() ? reference : scheme + "://" + host + port(head, scheme) + reference;
    }

    private String port(RequestHead head, String scheme) throws ProxyException {
        int ownPort = scheme.equals("https") ? HTTPS : HTTP;
        int port = redirect.port()
                .orElse(redirect.scheme().isPresent() ? ownPort : Authority.port(head.authority(), ownPort));
        return port == ownPort ? "" : ":" + port;
    }

    private static String bracketed(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    private static void requireHost(String host) throws ProxyException {
        if (!host.isEmpty() && !host.matches("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]")) {
            throw new ProxyException(
                    Kind.MALFORMED_REQUEST,
                    "host of the request: not one to redirect to (expected: a host name or an address)");
        }
    }
}
