package io.lb4j.discovery;

import com.fasterxml.jackson.core.JsonPointer;
import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.ScalarType;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What can be configured of endpoints over HTTP. */
final class HttpOptions {
    private static final String ADDRESS = "an address such as https://inventory.internal/endpoints";
    private static final String POINTER = "a JSON Pointer such as /data/nodes";
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    // The JDK's client does not send these, and says nothing.
    private static final Set<String> THE_CLIENTS_OWN = Set.of(
            "access-control-request-headers",
            "access-control-request-method",
            "connection",
            "content-length",
            "content-transfer-encoding",
            "host",
            "keep-alive",
            "origin",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "via");
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final long DEFAULT_SIZE = 4 * 1024 * 1024;
    private static final long LARGEST_SIZE = 1024 * 1024 * 1024;

    static final Option<URI> URL = Option.of(
                    "url",
                    OptionTypes.text(URI.class, ADDRESS, HttpOptions::requireAddress, URI::toString),
                    "The document.")
            .required()
            .build();

    static final Option<DocumentShape> SHAPE = Option.of(
                    "shape", OptionTypes.oneOf(DocumentShape.class), "How the document is built.")
            .defaultsTo(DocumentShape.ENDPOINTS)
            .build();

    static final Option<JsonPointer> ENTRIES = Option.of(
                    "entries",
                    OptionTypes.text(JsonPointer.class, POINTER, HttpOptions::requirePointer, JsonPointer::toString),
                    "JSON Pointer (RFC 6901) to the list of entries.")
            .absentMeans("the document itself, or /endpoints")
            .build();

    static final Option<Map<String, String>> FIELDS = Option.of(
                    "fields",
                    OptionTypes.map("names", pointer()),
                    "JSON Pointers within an entry to host, port, weight, zone, version, tags, healthy and name, and"
                            + " to whatever else is metadata.")
            .defaultsTo(Map.of())
            .build();

    static final Option<Duration> INTERVAL = Option.of(
                    "interval", OptionTypes.duration(SHORTEST), "Time between two questions, varied by a tenth.")
            .defaultsTo(Duration.ofSeconds(10))
            .build();

    static final Option<Duration> TIMEOUT = Option.of(
                    "timeout", OptionTypes.duration(SHORTEST), "How long an answer may take, down to its last octet.")
            .defaultsTo(Duration.ofSeconds(5))
            .build();

    static final Option<Duration> LONG_POLL = Option.of(
                    "long_poll",
                    OptionTypes.duration(Duration.ofSeconds(1)),
                    "How long a question waits for a change (Prefer: wait, RFC 7240; for Consul its own way).")
            .absentMeans("it does not wait")
            .build();

    static final Option<Map<String, String>> HEADERS = Option.of(
                    "headers",
                    OptionTypes.map("names", OptionTypes.string("a value")),
                    "Fields sent with each question; not shown, for they may hold secrets.")
            .secret()
            .absentMeans("none")
            .build();

    static final Option<String> BEARER = Option.of("bearer", OptionTypes.string("a token"), "Bearer token.")
            .secret()
            .absentMeans("none is shown")
            .build();

    static final Option<String> USER = Option.of("user", OptionTypes.string("a name"), "Who logs in.")
            .absentMeans("nobody does")
            .build();

    static final Option<String> PASSWORD = Option.of(
                    "password", OptionTypes.string("a password"), "The user's password.")
            .secret()
            .absentMeans("there is no user")
            .build();

    static final Option<Long> MAX_SIZE = Option.of(
                    "max_size", OptionTypes.size(1, LARGEST_SIZE), "How large an answer may be.")
            .defaultsTo(DEFAULT_SIZE)
            .build();

    static final Option<Settings> TLS = Option.of(
                    "tls", OptionTypes.section(RegistryTls.SECTION), "TLS towards a server that is https.")
            .absentMeans("whom the Java runtime trusts")
            .build();

    static final Section SECTION = Section.of("http", "Endpoints from a document of JSON over HTTP.")
            .options(URL, SHAPE, ENTRIES, FIELDS, INTERVAL, TIMEOUT, LONG_POLL)
            .options(HEADERS, BEARER, USER, PASSWORD, MAX_SIZE, TLS)
            .atMostOneOf(BEARER, USER)
            .rule(HttpOptions::requireBoth)
            .rule(HttpOptions::requireNames)
            .build();

    private HttpOptions() {}

    private static ScalarType<String> pointer() {
        return OptionTypes.text(
                String.class, POINTER, text -> requirePointer(text).toString(), text -> text);
    }

    private static JsonPointer requirePointer(String text) {
        try {
            return JsonPointer.compile(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(POINTER, e);
        }
    }

    /** Returns what messages call a document: its address without the query, which may hold a secret. */
    static String name(URI url) {
        String address = url.toString();
        int query = address.indexOf('?');
        return "http " + (query < 0 ? address : address.substring(0, query));
    }

    private static URI requireAddress(String text) {
        try {
            URI uri = URI.create(text);
            boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (isHttp && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(ADDRESS, e);
        }
        throw new IllegalArgumentException(ADDRESS);
    }

    private static void requireNames(Settings settings, Scope scope) {
        if (settings.isFaulty(HEADERS)) {
            return;
        }
        for (String name : settings.find(HEADERS).orElse(Map.of()).keySet()) {
            if (!NAME.matcher(name).matches() || THE_CLIENTS_OWN.contains(name.toLowerCase(Locale.ROOT))) {
                scope.at(HEADERS.name())
                        .report(
                                Fault.Code.INVALID,
                                "\"" + name + "\"",
                                "the name of a field (RFC 9110) that is not the client's to send, as Host is",
                                settings.origin(HEADERS));
            }
        }
    }

    private static void requireBoth(Settings settings, Scope scope) {
        if (settings.isSet(USER) != settings.isSet(PASSWORD)) {
            Option<String> missing = settings.isSet(USER) ? PASSWORD : USER;
            scope.at(missing.name())
                    .report(Fault.Code.MISSING, "missing", "user and password together", settings.origin(missing));
        }
    }
}
