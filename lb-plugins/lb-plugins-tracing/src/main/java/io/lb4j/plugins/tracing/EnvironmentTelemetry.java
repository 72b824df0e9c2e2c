package io.lb4j.plugins.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.io.Closeable;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An OpenTelemetry that is made as variables of the environment say. In a class of its own, for the library may be absent. Thread-safe. */
final class EnvironmentTelemetry implements OpenTelemetry, Closeable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EnvironmentTelemetry.class);
    private static final long CLOSE_SECONDS = 3; // the control thread waits meanwhile

    /** What holds where the environment says nothing: spans alone, by HTTP. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "lb4j",
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none");

    private final OpenTelemetrySdk sdk;

    private EnvironmentTelemetry(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
    }

    static EnvironmentTelemetry open() {
        return new EnvironmentTelemetry(AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(() -> DEFAULTS)
                .disableShutdownHook()
                .build()
                .getOpenTelemetrySdk());
    }

    @Override
    public TracerProvider getTracerProvider() {
        return sdk.getTracerProvider();
    }

    @Override
    public ContextPropagators getPropagators() {
        return sdk.getPropagators();
    }

    /** Has the spans that wait sent; a receiver that is away is given up after three seconds. */
    @Override
    public void close() {
        if (!sdk.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS).isSuccess()) {
            LOGGER.warn("spans that waited could not be sent before the end");
        }
    }
}
