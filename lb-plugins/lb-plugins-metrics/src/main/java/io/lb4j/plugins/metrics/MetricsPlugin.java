package io.lb4j.plugins.metrics;

import io.lb4j.config.Settings;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PluginContext;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/** Keeps figures of exchanges that have ended. Thread-safe. */
final class MetricsPlugin extends BuiltIn implements Filter {
    private final Settings settings;
    private final @Nullable MeterRegistry given;
    private @Nullable ExchangeMeters meters; // written at the start

    MetricsPlugin(Settings settings) {
        this(settings, null);
    }

    MetricsPlugin(Settings settings, @Nullable MeterRegistry given) {
        super(MetricsOptions.SECTION);
        this.settings = settings;
        this.given = given;
    }

    @Override
    protected void begin(PluginContext context) {
        MeterRegistry registry =
                given == null ? SharedRegistries.acquire(settings.value(MetricsOptions.REGISTRY)) : given;
        meters = new ExchangeMeters(registry, settings, given == null);
    }

    @Override
    public Type type() {
        return Type.ACCESS;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return this;
    }

    @Override
    public void onEnd(FilterExchange exchange) {
        ExchangeMeters open = meters;
        if (open != null) {
            open.record(exchange.access());
        }
    }

    @Override
    public void close() {
        if (meters != null) {
            meters.close();
            meters = null;
            if (given == null) {
                SharedRegistries.release(settings.value(MetricsOptions.REGISTRY));
            }
        }
    }
}
