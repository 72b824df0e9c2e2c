package io.lb4j.plugins.wasm;

import io.lb4j.exchange.AttributeKey;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.exchange.TlsInfo;
import io.lb4j.http.FieldName;
import io.lb4j.http.RequestHead;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.FilterExchange;
import io.lb4j.stats.AccessRecord;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Properties by the names that Envoy's attributes have; the parts of a path are separated by zero characters, or by points. Numbers are 64 bits, little-endian;
 * times are nanoseconds; truths are one octet. What guests set themselves is kept with the exchange, for all guests.
 */
final class Properties {
    private static final int MOST_SET = 100;
    private static final int MOST_OCTETS = 64 * 1024;
    private static final AttributeKey<Stored> STORED = AttributeKey.of("wasm properties", Stored.class);
    private static final FieldName REFERER = FieldName.of("referer");
    private static final FieldName GRPC_STATUS = FieldName.of("grpc-status");

    private Properties() {}

    /** What guests have set. Confined to the exchange's event loop. */
    private static final class Stored {
        private final Map<String, byte[]> values = new HashMap<>();
        private int octets;
    }

    /** Returns a value, or null if there is none. */
    static byte @Nullable [] find(ProxyGuest guest, String path) {
        String name = name(path);
        Object value = switch (name) {
            case "plugin_name" -> guest.settings().name();
            case "plugin_root_id" -> guest.settings().rootId();
            case "plugin_vm_id" -> guest.settings().vmId();
            default -> ofStream(guest.stream(), name);
        };
        return value == null ? null : octets(value);
    }

    private static @Nullable Object ofStream(@Nullable StreamContext stream, String name) {
        if (stream == null || stream.isOver()) {
            return null;
        }
        FilterExchange exchange = stream.exchange();
        byte[] stored = exchange.attribute(STORED)
                .flatMap(set -> Optional.ofNullable(set.values.get(name)))
                .orElse(null);
        if (stored != null) {
            return stored;
        }
        int point = name.indexOf('.');
        String group = point < 0 ? name : name.substring(0, point);
        String rest = point < 0 ? "" : name.substring(point + 1);
        return switch (group) {
            case "request" -> request(stream, rest);
            case "response" -> response(stream, rest);
            case "source" -> ofAddress(client(exchange), rest);
            case "destination" -> ofAddress(exchange.connection().localAddress(), rest);
            case "connection" -> connection(exchange.connection(), rest);
            case "upstream" -> upstream(exchange, rest);
            case "xds" -> "listener_name".equals(rest) ? exchange.connection().listener() : names(exchange, rest);
            default -> names(exchange, name);
        };
    }

    private static @Nullable Object names(FilterExchange exchange, String name) {
        return switch (name) {
            case "cluster_name" -> exchange.cluster().orElse(null);
            case "route_name" -> exchange.route().orElse(null);
            case "listener_name" -> exchange.connection().listener();
            case "listener_direction" -> 1L; // INBOUND
            case "connection_id" -> exchange.connection().id();
            default -> null;
        };
    }

    private static @Nullable Object request(StreamContext stream, String name) {
        RequestHead head = stream.exchange().request();
        if (name.equals("headers") || name.startsWith("headers.")) {
            return fields(new FieldMap.OfRequest(head), name, "headers");
        }
        return switch (name) {
            case "path" -> head.target();
            case "url_path" -> head.path();
            case "query" -> head.query().orElse("");
            case "host" -> head.authority();
            case "scheme" -> head.scheme();
            case "method" -> head.method().name();
            case "referer" -> head.fields().value(REFERER).orElse(null);
            case "useragent" -> head.fields().value(FieldName.USER_AGENT).orElse(null);
            case "id" -> head.fields().value(FieldName.X_REQUEST_ID).orElse(null);
            case "protocol" -> head.version().toString();
            default -> measured(stream, name);
        };
    }

    private static @Nullable Object measured(StreamContext stream, String name) {
        FilterExchange exchange = stream.exchange();
        Duration age = Duration.ofNanos(System.nanoTime() - exchange.startNanos());
        return switch (name) {
            case "time" -> Instant.now().minus(age);
            case "duration" -> stream.isEnded() ? exchange.access().response().duration() : null;
            case "size" -> stream.isEnded() ? exchange.access().request().bytes() : declared(exchange);
            case "total_size" -> total(stream);
            default -> null;
        };
    }

    private static @Nullable Object declared(FilterExchange exchange) {
        return exchange.request()
                .fields()
                .value(FieldName.CONTENT_LENGTH)
                .map(Long::valueOf)
                .orElse(0L);
    }

    private static long total(StreamContext stream) {
        FilterExchange exchange = stream.exchange();
        long body = stream.isEnded() ? exchange.access().request().bytes() : 0;
        return body + exchange.request().fields().listSize();
    }

    private static @Nullable Object response(StreamContext stream, String name) {
        FieldMap head = stream.response().head;
        if (name.equals("headers") || name.startsWith("headers.")) {
            return head == null ? null : fields(head, name, "headers");
        }
        if (name.equals("trailers") || name.startsWith("trailers.")) {
            FieldMap trailers = stream.response().trailers;
            return trailers == null ? null : fields(trailers, name, "trailers");
        }
        Optional<AccessRecord.Response> access =
                stream.isEnded() ? Optional.of(stream.exchange().access().response()) : Optional.empty();
        return switch (name) {
            case "code" -> head == null ? null : Long.valueOf(head.pseudoValue(":status"));
            case "grpc_status" -> grpcStatus(stream);
            case "size" -> access.map(AccessRecord.Response::bytes).orElse(null);
            case "total_size" ->
                access.map(each ->
                                each.bytes() + (head == null ? 0 : head.fields().listSize()))
                        .orElse(null);
            case "code_details" -> access.flatMap(AccessRecord.Response::reason).orElse(null);
            case "backend_latency" ->
                access.map(AccessRecord.Response::firstByte).orElse(null);
            default -> null;
        };
    }

    private static @Nullable Object grpcStatus(StreamContext stream) {
        FieldMap trailers = stream.response().trailers;
        FieldMap head = stream.response().head;
        Optional<String> text =
                trailers == null ? Optional.empty() : trailers.fields().value(GRPC_STATUS);
        if (text.isEmpty() && head != null) {
            text = head.fields().value(GRPC_STATUS);
        }
        return text.filter(each -> each.matches("[0-9]{1,9}"))
                .map(Long::valueOf)
                .orElse(null);
    }

    private static @Nullable Object fields(FieldMap map, String name, String group) {
        if (name.equals(group)) {
            return Pairs.write(map);
        }
        try {
            return map.value(name.substring(group.length() + 1)).orElse(null);
        } catch (IllegalArgumentException e) {
            return null; // there is no field of a name that is none
        }
    }

    private static @Nullable Object ofAddress(SocketAddress address, String name) {
        if (!(address instanceof InetSocketAddress inet)) {
            return name.equals("address") ? address.toString() : null;
        }
        return switch (name) {
            case "address" -> text(inet);
            case "port" -> (long) inet.getPort();
            default -> null;
        };
    }

    /** Returns the client's address, as Envoy has it: behind proxies that the listener trusts it is the one that they tell of, and its port is 0. */
    private static SocketAddress client(FilterExchange exchange) {
        SocketAddress peer = exchange.connection().remoteAddress();
        InetAddress client = exchange.clientAddress().orElse(null);
        boolean isPeer = client == null || (peer instanceof InetSocketAddress inet && client.equals(inet.getAddress()));
        return isPeer ? peer : new InetSocketAddress(client, 0);
    }

    static String text(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static @Nullable Object connection(ConnectionInfo connection, String name) {
        if (name.equals("id")) {
            return connection.id();
        }
        TlsInfo tls = connection.tls().orElse(null);
        if (name.equals("mtls")) {
            return tls != null && !tls.peerCertificates().isEmpty();
        }
        return tls == null ? null : CertificateProperties.find(tls, name);
    }

    private static @Nullable Object upstream(FilterExchange exchange, String name) {
        Endpoint endpoint = exchange.endpoint().orElse(null);
        if (endpoint == null) {
            return null;
        }
        return switch (name) {
            case "address" -> endpoint.address();
            case "port" -> (long) endpoint.port();
            default -> null;
        };
    }

    private static byte[] octets(Object value) {
        if (value instanceof byte[] octets) {
            return octets;
        }
        if (value instanceof Boolean truth) {
            return new byte[] {(byte) (truth ? 1 : 0)};
        }
        if (value instanceof Instant time) {
            return number(TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano());
        }
        if (value instanceof Duration duration) {
            return number(duration.toNanos());
        }
        return value instanceof Long number ? number(number) : value.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    /** Keeps a value with the exchange; returns a status. */
    static int store(ProxyGuest guest, String path, byte[] value) {
        StreamContext stream = guest.stream();
        if (stream == null || stream.isOver()) {
            return Status.NOT_FOUND;
        }
        StackRoom.require();
        FilterExchange exchange = stream.exchange();
        Stored stored = exchange.attribute(STORED).orElse(null);
        if (stored == null) {
            stored = new Stored();
            exchange.attribute(STORED, stored);
        }
        byte[] former = stored.values.get(name(path));
        int more = value.length - (former == null ? -path.length() : former.length);
        boolean isFull = former == null && stored.values.size() >= MOST_SET;
        if (isFull || stored.octets + more > MOST_OCTETS) {
            return Status.INTERNAL_FAILURE;
        }
        stored.octets += more;
        stored.values.put(name(path), value);
        return Status.OK;
    }

    /** Returns a path with points; the SDK for C++ puts a zero behind the last part, too. */
    private static String name(String path) {
        int end = path.endsWith("\0") ? path.length() - 1 : path.length();
        return path.substring(0, end).replace('\0', '.');
    }
}
