package io.lb4j.plugins.metrics;

import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.plugins.kit.Vary;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PluginContext;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the figures of a registry. They are written by a thread of the plugin's own, for there may be many. Thread-safe. */
final class MetricsPagePlugin extends BuiltIn implements Filter {
    private static final Logger LOGGER = LoggerFactory.getLogger(MetricsPagePlugin.class);
    private static final int PRIORITY = 100;

    private final String name;
    private @Nullable PrometheusMeterRegistry registry; // written at the start, as is the next
    private @Nullable ScheduledExecutorService worker;

    MetricsPagePlugin(Settings settings) {
        super(MetricsOptions.PAGE);
        name = settings.value(MetricsOptions.REGISTRY);
    }

    @Override
    protected void begin(PluginContext context) {
        worker = context.scheduler();
        registry = SharedRegistries.acquire(name);
    }

    @Override
    public Type type() {
        return Type.REQUEST;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return this;
    }

    @Override
    public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
        PrometheusMeterRegistry shown = registry;
        ScheduledExecutorService own = worker;
        if (shown == null || own == null) {
            return Verdict.CONTINUE;
        }
        if (head.method() != Method.GET && head.method() != Method.HEAD) {
            ResponseHead refusal = new ResponseHead().status(405);
            refusal.fields().add("allow", "GET, HEAD");
            exchange.reply(refusal, Unpooled.EMPTY_BUFFER);
            return Verdict.CONTINUE;
        }
        String type = FigureFormat.of(head.fields().values(FieldName.ACCEPT));
        own.execute(() -> show(exchange, shown, type));
        return Verdict.PAUSE;
    }

    private static void show(FilterExchange exchange, PrometheusMeterRegistry registry, String type) {
        ResponseHead head = new ResponseHead().status(200);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            registry.scrape(text, type);
        } catch (IOException | RuntimeException e) {
            LOGGER.error("figures cannot be shown", e);
            exchange.reply(head.status(500), Unpooled.EMPTY_BUFFER);
            return;
        }
        head.fields().add(FieldName.CONTENT_TYPE, type);
        head.fields().add(FieldName.CACHE_CONTROL, "no-store");
        Vary.add(head.fields(), "Accept");
        exchange.reply(head, Unpooled.wrappedBuffer(text.toByteArray()));
    }

    @Override
    public void close() {
        if (registry != null) {
            registry = null;
            SharedRegistries.release(name);
        }
    }
}
