package io.lb4j.plugins.log;

import io.lb4j.exchange.TlsInfo;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import io.lb4j.plugins.head.RequestIdPlugin;
import io.lb4j.plugins.kit.Identity;
import io.lb4j.plugins.kit.Trace;
import io.lb4j.spi.FilterExchange;
import io.lb4j.stats.AccessRecord;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Something that a line says of an exchange. Immutable; equal by its name. */
final class LogField {
    static final String EXPECTED = "the name of a field, request.NAME or response.NAME";

    private static final String REQUEST = "request.";
    private static final String RESPONSE = "response.";
    private static final Map<String, Source> KNOWN = known();
    /** Fields that hold an address, whose query may hold what a request's own does. */
    private static final Set<FieldName> ADDRESSES = Set.of(FieldName.of("referer"), FieldName.LOCATION);

    private final String name; // as configurations and lines have it
    private final Source source;

    private LogField(String name, Source source) {
        this.name = name;
        this.source = source;
    }

    String name() {
        return name;
    }

    Source source() {
        return source;
    }

    /** Where a value comes from: a text, a number, a boolean; empty where there is none. */
    @FunctionalInterface
    interface Source {
        Optional<?> value(Entry entry);
    }

    /** What a line is made of. */
    record Entry(FilterExchange exchange, AccessRecord access, Redaction redaction) {}

    /**
     * Returns the field of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static LogField of(String name) {
        Source source = KNOWN.get(name);
        if (source != null) {
            return new LogField(name, source);
        }
        if (name.startsWith(REQUEST)) {
            FieldName field = FieldName.of(name.substring(REQUEST.length()));
            return new LogField(
                    REQUEST + field,
                    entry -> values(entry, entry.exchange().request().fields(), field));
        }
        if (name.startsWith(RESPONSE)) {
            FieldName field = FieldName.of(name.substring(RESPONSE.length()));
            return new LogField(
                    RESPONSE + field,
                    entry -> entry.exchange()
                            .response()
                            .map(ResponseHead::fields)
                            .flatMap(fields -> values(entry, fields, field)));
        }
        throw new IllegalArgumentException(EXPECTED);
    }

    /** Returns the fields that are there without a message's header fields. */
    static List<String> names() {
        return List.copyOf(KNOWN.keySet());
    }

    private static Optional<String> values(Entry entry, Fields fields, FieldName name) {
        if (!fields.contains(name)) {
            return Optional.empty();
        }
        if (entry.redaction().hides(name)) {
            return Optional.of(Redaction.HIDDEN);
        }
        String text = String.join(", ", fields.values(name));
        return Optional.of(ADDRESSES.contains(name) ? entry.redaction().address(text) : text);
    }

    private static Map<String, Source> known() {
        Map<String, Source> sources = new LinkedHashMap<>();
        ofRequest(sources);
        ofResponse(sources);
        ofClient(sources);
        return Map.copyOf(sources);
    }

    private static void ofRequest(Map<String, Source> sources) {
        put(sources, "time", entry -> entry.access().time().toString());
        put(sources, "exchange", entry -> entry.access().exchange());
        sources.put("request_id", entry -> entry.exchange().attribute(RequestIdPlugin.ID));
        sources.put("trace_id", entry -> entry.exchange().attribute(Trace.KEY).map(Trace::traceId));
        sources.put("span_id", entry -> entry.exchange().attribute(Trace.KEY).map(Trace::spanId));
        put(sources, "method", entry -> entry.access().request().method().name());
        put(sources, "scheme", entry -> entry.exchange().request().scheme());
        put(sources, "host", entry -> entry.access().request().authority());
        put(sources, "path", entry -> entry.access().request().path());
        sources.put("query", entry -> entry.access().request().query().flatMap(entry.redaction()::query));
        put(sources, "protocol", entry -> entry.access().request().version().toString());
        put(sources, "request_bytes", entry -> entry.access().request().bytes());
        put(sources, "push", entry -> entry.access().request().isPush());
        sources.put("user_agent", header("user-agent"));
        sources.put("referer", header("referer"));
    }

    /** For those fields that have a name of their own. */
    private static Source header(String header) {
        FieldName field = FieldName.of(header);
        return entry -> values(entry, entry.exchange().request().fields(), field);
    }

    private static void ofResponse(Map<String, Source> sources) {
        put(sources, "status", entry -> (long) entry.access().response().status());
        put(sources, "response_bytes", entry -> entry.access().response().bytes());
        put(sources, "duration_ms", entry -> millis(entry.access().response().duration()));
        put(sources, "first_byte_ms", entry -> millis(entry.access().response().firstByte()));
        sources.put("reason", entry -> entry.access().response().reason());
        put(sources, "local", entry -> entry.access().response().isLocal());
        sources.put("route", entry -> entry.access().upstream().route());
        sources.put("cluster", entry -> entry.access().upstream().cluster());
        sources.put("endpoint", entry -> entry.access().upstream().endpoint());
        sources.put("upstream_path", LogField::upstreamPath);
        put(sources, "tries", entry -> (long) entry.access().upstream().tries());
    }

    /** What an endpoint was asked for: plugins and the route may have made something else of what the client has asked for. */
    private static Optional<String> upstreamPath(Entry entry) {
        return entry.access().upstream().tries() == 0
                ? Optional.empty()
                : Optional.of(entry.exchange().request().path());
    }

    private static void ofClient(Map<String, Source> sources) {
        sources.put("client", entry -> entry.exchange().clientAddress().map(NetUtil::toAddressString));
        sources.put("peer", entry -> address(entry.access().connection().remoteAddress()));
        put(sources, "connection", entry -> entry.access().connection().id());
        put(sources, "listener", entry -> entry.access().connection().listener());
        sources.put(
                "identity", entry -> entry.exchange().attribute(Identity.KEY).map(Identity::name));
        sources.put(
                "identity_scheme",
                entry -> entry.exchange().attribute(Identity.KEY).map(Identity::scheme));
        sources.put("tls_version", tls(TlsInfo::protocol));
        sources.put("tls_cipher", tls(TlsInfo::cipherSuite));
        sources.put(
                "tls_server_name", entry -> entry.access().connection().tls().flatMap(TlsInfo::serverName));
        sources.put(
                "tls_client",
                entry -> entry.access()
                        .connection()
                        .tls()
                        .flatMap(info -> info.peerCertificates().stream().findFirst())
                        .map(LogField::subject));
    }

    private static void put(Map<String, Source> sources, String name, Function<Entry, Object> value) {
        sources.put(name, entry -> Optional.of(value.apply(entry)));
    }

    private static Source tls(Function<TlsInfo, String> value) {
        return entry -> entry.access().connection().tls().map(value);
    }

    private static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    private static Optional<String> address(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? Optional.ofNullable(inet.getAddress()).map(LogField::text)
                : Optional.empty();
    }

    private static String text(InetAddress address) {
        return NetUtil.toAddressString(address);
    }

    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1_000.0) / 1_000.0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogField field && field.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
