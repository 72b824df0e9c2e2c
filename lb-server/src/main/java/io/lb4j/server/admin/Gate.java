package io.lb4j.server.admin;

import io.lb4j.server.config.AdminOptions;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who is let in. A browser that visits a stranger's page must not be led to act here: requests have to call this process by a name of its own (against DNS
 * rebinding), must not come from another origin, and whatever changes something has a type that forms cannot send. Immutable and thread-safe.
 */
final class Gate {
    private static final Set<String> TYPES = Set.of("application/json", "application/yaml", "application/x-yaml");

    private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
    private final boolean checksNames;
    private final byte[] token;
    private final String scheme;

    Gate(AdminOptions options) {
        boolean isV6 = options.host().contains(":");
        names.add(isV6 ? "[" + options.host() + "]" : options.host().toLowerCase(Locale.ROOT));
        options.allowedHosts().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        checksNames = options.unixSocket().isEmpty();
        token = options.token().orElse("").getBytes(StandardCharsets.UTF_8);
        scheme = options.tls().isPresent() ? "https://" : "http://";
    }

    /** Lets a request in that asks for something. */
    void pass(AdminRoute route, HttpHeaders fields) throws Problem {
        boolean isHealth =
                route.access() == AdminRoute.Access.OPEN && route.template().startsWith("/health");
        String host = onlyOne(fields.getAll(HttpHeaderNames.HOST));
        if (checksNames && !isHealth && !names.contains(nameOf(host))) {
            throw new Problem(
                    421, "host: " + quoted(host) + " (expected: a name of this process; see admin.allowed_hosts)");
        }
        requireOwnOrigin(route, fields, host);
        if (route.access() == AdminRoute.Access.GUARDED) {
            requireToken(fields);
        }
        if (!route.method().equals("GET") && !TYPES.contains(typeOf(fields))) {
            throw new Problem(
                    415,
                    "content-type: " + quoted(typeOf(fields))
                            + " (expected: application/json or application/yaml, also without a body)");
        }
    }

    private void requireOwnOrigin(AdminRoute route, HttpHeaders fields, String host) throws Problem {
        for (String origin : fields.getAll(HttpHeaderNames.ORIGIN)) {
            if (!origin.equalsIgnoreCase(scheme + host)) {
                throw new Problem(403, "origin: " + quoted(origin) + " (expected: none, or that of this process)");
            }
        }
        String site = fields.get("sec-fetch-site", "none");
        boolean isForeign = !site.equals("none") && !site.equals("same-origin");
        // A link that leads to the page, or to the health, shows nothing to the page that it stands on.
        if (isForeign && route.access() == AdminRoute.Access.GUARDED) {
            throw new Problem(403, "sec-fetch-site: " + quoted(site) + " (expected: none or same-origin)");
        }
    }

    private void requireToken(HttpHeaders fields) throws Problem {
        if (token.length == 0) {
            return;
        }
        String shown = onlyOne(fields.getAll(HttpHeaderNames.AUTHORIZATION));
        boolean isBearer = shown.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length());
        byte[] given = (isBearer ? shown.substring("Bearer ".length()).strip() : "").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(token, given)) {
            throw new Problem(
                    401,
                    "authorization: " + (shown.isEmpty() ? "none" : "not the token")
                            + " (expected: Bearer and the token of admin.token)");
        }
    }

    static String typeOf(HttpHeaders fields) {
        String type = fields.get(HttpHeaderNames.CONTENT_TYPE, "");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** Two fields of a name that is to come once are as good as none. */
    private static String onlyOne(List<String> values) {
        return values.size() == 1 ? values.get(0) : "";
    }

    private static String nameOf(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        return (end <= 0 ? host : host.substring(0, end)).toLowerCase(Locale.ROOT);
    }

    /** Returns what somebody has sent, to be shown to them. */
    static String quoted(String text) {
        String shown = text.replaceAll("[^ -~]", "?");
        return '"' + (shown.length() > 100 ? shown.substring(0, 100) : shown) + '"';
    }
}
