package io.lb4j.plugins.tracing;

import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.plugins.kit.Trace;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PluginContext;
import io.lb4j.stats.AccessRecord;
import io.netty.util.NetUtil;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traces exchanges: a span of kind SERVER for what the client asks, and one of kind CLIENT for what the endpoint is asked, whose identity travels on.
 * Names and attributes are OpenTelemetry's for HTTP. Immutable once it has begun.
 */
final class TracingPlugin extends BuiltIn {
    private static final Logger LOGGER = LoggerFactory.getLogger(TracingPlugin.class);
    private static final int PRIORITY = 850;

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    private static final AttributeKey<String> VERSION = AttributeKey.stringKey("network.protocol.version");
    private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
    private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
    private static final AttributeKey<String> USER_AGENT = AttributeKey.stringKey("user_agent.original");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<Long> REQUEST_SIZE = AttributeKey.longKey("http.request.body.size");
    private static final AttributeKey<Long> RESPONSE_SIZE = AttributeKey.longKey("http.response.body.size");
    private static final AttributeKey<Long> RESENT = AttributeKey.longKey("http.request.resend_count");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("lb4j.route");
    private static final AttributeKey<String> CLUSTER = AttributeKey.stringKey("lb4j.cluster");

    private final TracingOptions.Parent parent;
    private final Supplier<OpenTelemetry> telemetry;
    private final boolean isOwner; // of what the supplier gives
    private @Nullable Tracer tracer; // written at the start, as is the next
    private @Nullable OpenTelemetry opened;

    TracingPlugin(Settings settings, Supplier<OpenTelemetry> telemetry) {
        super(TracingOptions.SECTION);
        parent = settings.value(TracingOptions.PARENT);
        this.telemetry = telemetry;
        isOwner = settings.value(TracingOptions.TELEMETRY) == TracingOptions.Telemetry.ENVIRONMENT;
    }

    @Override
    protected void begin(PluginContext context) {
        OpenTelemetry given = telemetry.get();
        opened = given;
        tracer = given.getTracer("io.lb4j");
    }

    /** Spans that wait to be sent are sent before one of the plugin's own ends. */
    @Override
    public void close() {
        if (isOwner && opened instanceof Closeable own) {
            try {
                own.close();
            } catch (IOException e) {
                LOGGER.warn("spans may be lost", e);
            }
        }
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        Tracer open = tracer;
        return open == null ? new Filter() {} : new Spans(open);
    }

    /** One exchange's. Confined to its event loop. */
    private final class Spans implements Filter {
        private final Tracer tracer;
        private Span server = Span.getInvalid();
        private Span client = Span.getInvalid();

        Spans(Tracer tracer) {
            this.tracer = tracer;
        }

        @Override
        public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
            String method = nameOf(head.method());
            server = begin(SpanKind.SERVER, method, exchange)
                    .setAttribute(PATH, head.path())
                    .setAttribute(SCHEME, head.scheme())
                    .setAttribute(VERSION, version(head))
                    .startSpan();
            nameHost(server, head.authority());
            exchange.clientAddress()
                    .ifPresent(address -> server.setAttribute(CLIENT, NetUtil.toAddressString(address)));
            head.fields().value(FieldName.USER_AGENT).ifPresent(agent -> server.setAttribute(USER_AGENT, agent));
            Context within = Context.root().with(server);
            client = tracer.spanBuilder(method)
                    .setSpanKind(SpanKind.CLIENT)
                    .setParent(within)
                    .setAttribute(METHOD, method)
                    .startSpan();
            FieldCarrier.write(Context.root().with(client), head.fields());
            SpanContext known = server.getSpanContext();
            if (known.isValid()) { // where nobody makes spans it is the client's, or none
                exchange.attribute(Trace.KEY, new Trace(known.getTraceId(), known.getSpanId()));
            }
            return Verdict.CONTINUE;
        }

        private SpanBuilder begin(SpanKind kind, String method, FilterExchange exchange) {
            SpanContext named = FieldCarrier.read(exchange.request().fields());
            SpanBuilder span = tracer.spanBuilder(
                            exchange.route().map(route -> method + " " + route).orElse(method))
                    .setSpanKind(kind)
                    .setAttribute(METHOD, method);
            if (parent == TracingOptions.Parent.CONTINUE) {
                return span.setParent(Context.root().with(Span.wrap(named)));
            }
            span.setNoParent();
            return parent == TracingOptions.Parent.LINK && named.isValid() ? span.addLink(named) : span;
        }

        @Override
        public void onEnd(FilterExchange exchange) {
            AccessRecord access = exchange.access();
            finish(server, access, 500);
            server.setAttribute(REQUEST_SIZE, access.request().bytes());
            server.setAttribute(RESPONSE_SIZE, access.response().bytes());
            access.upstream().route().ifPresent(route -> server.setAttribute(ROUTE, route));
            access.upstream().cluster().ifPresent(cluster -> server.setAttribute(CLUSTER, cluster));
            server.end();
            // What no endpoint was asked has no span.
            if (access.upstream().tries() > 0) {
                finish(client, access, 400);
                exchange.endpoint().ifPresent(endpoint -> {
                    client.setAttribute(SERVER, endpoint.host());
                    client.setAttribute(SERVER_PORT, (long) endpoint.port());
                });
                if (access.upstream().tries() > 1) {
                    client.setAttribute(RESENT, access.upstream().tries() - 1L);
                }
                client.end();
            }
        }
    }

    /** Says how it went; from which status on that is an error depends on the side (OpenTelemetry's conventions for HTTP spans). */
    private static void finish(Span span, AccessRecord access, int errorFrom) {
        int status = access.response().status();
        if (status > 0) {
            span.setAttribute(STATUS, (long) status);
        }
        if (access.response().reason().isPresent()) {
            span.setAttribute(ERROR, access.response().reason().get());
            span.setStatus(StatusCode.ERROR);
        } else if (status >= errorFrom || status == 0) {
            span.setAttribute(ERROR, Integer.toString(status));
            span.setStatus(StatusCode.ERROR);
        }
    }

    /** The conventions have the port apart, and addresses of IPv6 without brackets. */
    private static void nameHost(Span span, String authority) {
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']') && authority.indexOf(':') <= colon;
        String host = hasPort ? authority.substring(0, colon) : authority;
        span.setAttribute(SERVER, host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        if (hasPort && authority.substring(colon + 1).matches("[0-9]{1,5}")) {
            span.setAttribute(SERVER_PORT, Long.parseLong(authority.substring(colon + 1)));
        }
    }

    /** Methods that nobody has registered are one, as the conventions have it. */
    private static String nameOf(Method method) {
        return method == Method.of(method.name()) ? method.name() : "_OTHER";
    }

    private static String version(RequestHead head) {
        return switch (head.version()) {
            case HTTP_1_0 -> "1.0";
            case HTTP_1_1 -> "1.1";
            case HTTP_2 -> "2";
            case HTTP_3 -> "3";
        };
    }
}
