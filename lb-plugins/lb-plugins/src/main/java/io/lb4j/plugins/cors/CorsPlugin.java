package io.lb4j.plugins.cors;

import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.plugins.kit.Refusal;
import io.lb4j.plugins.kit.Vary;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tells browsers which pages may read what (Fetch, §3.2 "CORS protocol"), and answers their preflights. Immutable. */
final class CorsPlugin extends BuiltIn {
    private static final int PRIORITY = 700;
    private static final int FORBIDDEN = 403;

    private static final FieldName REQUEST_METHOD = FieldName.of("access-control-request-method");
    private static final FieldName REQUEST_HEADERS = FieldName.of("access-control-request-headers");
    private static final FieldName ALLOW_ORIGIN = FieldName.of("access-control-allow-origin");
    private static final FieldName ALLOW_METHODS = FieldName.of("access-control-allow-methods");
    private static final FieldName ALLOW_HEADERS = FieldName.of("access-control-allow-headers");
    private static final FieldName ALLOW_CREDENTIALS = FieldName.of("access-control-allow-credentials");
    private static final FieldName EXPOSE_HEADERS = FieldName.of("access-control-expose-headers");
    private static final FieldName MAX_AGE = FieldName.of("access-control-max-age");
    private static final List<FieldName> OURS =
            List.of(ALLOW_ORIGIN, ALLOW_METHODS, ALLOW_HEADERS, ALLOW_CREDENTIALS, EXPOSE_HEADERS, MAX_AGE);
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final int LONGEST_LIST = 8_192;

    private final List<OriginPattern> origins;
    private final boolean anyOrigin;
    private final List<String> methods;
    private final List<String> headers;
    private final List<String> exposed;
    private final boolean credentials;
    private final boolean rejects;
    private final String maxAge;

    CorsPlugin(Settings settings) {
        super(CorsOptions.SECTION);
        origins = settings.value(CorsOptions.ORIGINS);
        anyOrigin = origins.stream().anyMatch(OriginPattern::isAny);
        methods = settings.value(CorsOptions.METHODS);
        headers = settings.value(CorsOptions.HEADERS);
        exposed = settings.value(CorsOptions.EXPOSE);
        credentials = settings.value(CorsOptions.CREDENTIALS);
        rejects = settings.value(CorsOptions.REJECT);
        maxAge = Long.toString(settings.value(CorsOptions.MAX_AGE).toSeconds());
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return new Visit();
    }

    private boolean allows(String origin) {
        for (int i = 0; i < origins.size(); i++) { // for each request: without a stream
            if (origins.get(i).covers(origin)) {
                return true;
            }
        }
        return false;
    }

    /** One request's. Confined to the exchange's event loop. */
    private final class Visit implements Filter {
        private Optional<String> origin = Optional.empty(); // where it is allowed
        private boolean preflight;

        @Override
        public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
            List<String> named = head.fields().values(FieldName.ORIGIN);
            origin = named.size() == 1 && allows(named.get(0)) ? Optional.of(named.get(0)) : Optional.empty();
            if (head.method() == Method.OPTIONS
                    && !named.isEmpty()
                    && head.fields().contains(REQUEST_METHOD)) {
                preflight = true;
                answer(exchange, head.fields());
            } else if (rejects && origin.isEmpty() && !named.stream().allMatch(each -> isOwn(each, head))) {
                Refusal.send(exchange, FORBIDDEN);
            }
            return Verdict.CONTINUE;
        }

        /** Browsers name the origin in their own site's POST too: as they see it, on the far side of a trusted proxy that ends TLS. */
        private static boolean isOwn(String origin, RequestHead head) {
            String scheme = told(head, FieldName.X_FORWARDED_PROTO).orElse(head.scheme());
            String host = told(head, FieldName.X_FORWARDED_HOST).orElse(head.authority());
            return origin.equals((scheme + "://" + host).toLowerCase(Locale.ROOT));
        }

        /** Returns what a trusted proxy tells, the outermost where there are several; what others tell, plugins do not see. */
        private static Optional<String> told(RequestHead head, FieldName name) {
            return head.fields().value(name).map(line -> line.split(",", 2)[0].strip());
        }

        private void answer(FilterExchange exchange, Fields request) {
            if (origin.isEmpty()) {
                Refusal.send(exchange, FORBIDDEN);
                return;
            }
            ResponseHead head = new ResponseHead().status(204);
            Fields fields = head.fields();
            fields.add(ALLOW_METHODS, allowedMethods(request));
            allowedHeaders(request).ifPresent(names -> fields.add(ALLOW_HEADERS, names));
            fields.add(MAX_AGE, maxAge);
            exchange.reply(head, Unpooled.EMPTY_BUFFER);
        }

        @Override
        public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
            Fields fields = head.fields();
            if (!preflight) {
                removeOurs(fields); // an endpoint's own word would contradict ours
            }
            if (!anyOrigin || credentials) {
                Vary.add(fields, "Origin");
            }
            if (preflight) {
                Vary.add(fields, "Access-Control-Request-Method");
                Vary.add(fields, "Access-Control-Request-Headers");
            }
            // Where any page may read, everybody is told: a browser keeps a response for requests that name an origin.
            Optional<String> allowed = anyOrigin ? Optional.of(CorsOptions.ANY) : origin;
            if (allowed.isPresent()) {
                fields.set(ALLOW_ORIGIN, allowed.get());
                if (credentials) {
                    fields.set(ALLOW_CREDENTIALS, "true");
                }
                if (!preflight && !exposed.isEmpty()) {
                    fields.set(EXPOSE_HEADERS, String.join(", ", exposed));
                }
            }
            return Verdict.CONTINUE;
        }
    }

    private static void removeOurs(Fields fields) {
        for (int i = 0; i < OURS.size(); i++) {
            fields.remove(OURS.get(i));
        }
    }

    /** With credentials * stands for itself alone (Fetch §3.2.4), so what was asked for is repeated. */
    private String allowedMethods(Fields request) {
        Optional<String> asked = request.value(REQUEST_METHOD).filter(CorsPlugin::areNames);
        return methods.contains(CorsOptions.ANY) && asked.isPresent() ? asked.get() : String.join(", ", methods);
    }

    /** Nor does * stand for authorization, even without credentials. */
    private Optional<String> allowedHeaders(Fields request) {
        Optional<String> asked = Stream.of(String.join(", ", request.values(REQUEST_HEADERS)))
                .filter(CorsPlugin::areNames)
                .findFirst();
        if (headers.contains(CorsOptions.ANY)) {
            return asked;
        }
        return headers.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", headers));
    }

    private static boolean areNames(String text) {
        return text.length() <= LONGEST_LIST
                && Stream.of(text.split(",", -1))
                        .allMatch(name -> TOKEN.matcher(name.strip()).matches());
    }
}
