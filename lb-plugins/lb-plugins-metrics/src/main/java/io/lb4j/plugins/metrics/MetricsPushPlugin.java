package io.lb4j.plugins.metrics;

import io.lb4j.config.Settings;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PluginContext;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the figures of a registry to a receiver of OTLP, from time to time, on a thread of its own. A receiver that is away, slow, or says no, is asked again the next time; exchanges have nothing to do with it.
 * Thread-safe.
 */
final class MetricsPushPlugin extends BuiltIn implements Filter {
    private static final Logger LOGGER = LoggerFactory.getLogger(MetricsPushPlugin.class);

    private static final String RECEIVER = "receiver";

    private final Settings settings;
    private final SimpleMeterRegistry own = new SimpleMeterRegistry();
    private final Map<String, String> resource = new LinkedHashMap<>();
    private volatile @Nullable MeterRegistry registry; // from the start to the end
    private Instant begun = Instant.EPOCH; // written at the start, as are the three below
    private PluginContext.@Nullable Metric pushed;
    private PluginContext.@Nullable Metric failed;
    private @Nullable PluginContext context;
    private @Nullable BalancerMeters balancer; // once it has been read; of the plugin's thread

    MetricsPushPlugin(Settings settings) {
        super(MetricsOptions.PUSH);
        this.settings = settings;
        resource.put("service.name", "lb4j");
        resource.putAll(settings.value(MetricsOptions.ATTRIBUTES));
    }

    @Override
    protected void begin(PluginContext given) {
        context = given;
        registry = SharedRegistries.acquire(settings.value(MetricsOptions.REGISTRY));
        begun = Instant.now();
        pushed = given.metric("pushes");
        failed = given.metric("pushes_failed");
        long millis = settings.value(MetricsOptions.INTERVAL).toMillis();
        given.scheduler().scheduleWithFixedDelay(this::push, millis, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public Type type() {
        return Type.ACCESS;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return this;
    }

    private void push() {
        MeterRegistry open = registry;
        PluginContext given = context;
        if (open == null || given == null) {
            return;
        }
        URI receiver = settings.value(MetricsOptions.RECEIVER);
        try {
            send(receiver, document(open, given));
            count(pushed);
            given.dependency(RECEIVER).well();
        } catch (IOException | RuntimeException e) {
            count(failed);
            given.dependency(RECEIVER).troubled("figures cannot be pushed to " + receiver + ": " + e);
            LOGGER.debug("figures cannot be pushed to {}", receiver, e);
        }
    }

    private String document(MeterRegistry open, PluginContext given) {
        List<Meter> meters = new ArrayList<>(open.getMeters());
        if (settings.value(MetricsOptions.BALANCER)) {
            meters.addAll(balancerMeters(given));
        }
        return OtlpDocument.of(meters, resource, begun, Instant.now());
    }

    /** Returns the balancer's own figures as they are now. They stand in a registry of their own, for that of exchanges is shared with others, who may show them in it as well. */
    private List<Meter> balancerMeters(PluginContext given) {
        BalancerMeters open = balancer;
        if (open == null) {
            open = BalancerMeters.of(given::statistics);
            open.bindTo(own);
            balancer = open;
        } else {
            open.refresh();
        }
        return own.getMeters();
    }

    private static void count(PluginContext.@Nullable Metric figure) {
        if (figure != null) {
            figure.add(1);
        }
    }

    private void send(URI receiver, String document) throws IOException {
        int timeout = (int) settings.value(MetricsOptions.PUSH_TIMEOUT).toMillis();
        byte[] octets = document.getBytes(StandardCharsets.UTF_8);
        HttpURLConnection connection = (HttpURLConnection) receiver.toURL().openConnection();
        try {
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout(timeout);
            connection.setReadTimeout(timeout);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(octets.length);
            connection.setRequestProperty("Connection", "close");
            settings.value(MetricsOptions.HEADERS).forEach(connection::setRequestProperty);
            connection.setRequestProperty("Content-Type", "application/json");
            try (OutputStream out = connection.getOutputStream()) {
                out.write(octets);
            }
            int status = connection.getResponseCode();
            if (status / 100 != 2) {
                throw new IOException("status: " + status + " (expected: 2xx)");
            }
        } finally {
            connection.disconnect();
        }
    }

    @Override
    public void close() {
        if (registry != null) {
            registry = null;
            SharedRegistries.release(settings.value(MetricsOptions.REGISTRY));
        }
        own.close();
    }
}
