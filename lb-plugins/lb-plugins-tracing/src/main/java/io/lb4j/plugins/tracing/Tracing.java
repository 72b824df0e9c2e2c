package io.lb4j.plugins.tracing;

import io.lb4j.config.Part;
import io.lb4j.plugins.kit.PartBuilder;
import io.lb4j.spi.Plugin;
import io.opentelemetry.api.OpenTelemetry;
import java.util.function.Consumer;

/** Spans of exchanges, for OpenTelemetry: one for what the client asks, and one for what the endpoint is asked. */
public final class Tracing {
    private Tracing() {}

    /** Returns a plugin that traces with the OpenTelemetry that the application has made global. */
    public static Part global(Consumer<? super TracingBuilder> description) {
        return PartBuilder.part(new TracingFactory(), new TracingBuilder(), description);
    }

    /**
     * Returns a plugin that traces with an OpenTelemetry of its own, made as variables of the environment say: {@code OTEL_EXPORTER_OTLP_ENDPOINT}, {@code OTEL_SERVICE_NAME},
     * {@code OTEL_TRACES_SAMPLER} and so on. Needs {@code io.opentelemetry:opentelemetry-sdk-extension-autoconfigure} and an exporter.
     */
    public static Part ofEnvironment(Consumer<? super TracingBuilder> description) {
        return PartBuilder.part(new TracingFactory(), new TracingBuilder().ofEnvironment(), description);
    }

    /** Returns a plugin that traces with an OpenTelemetry of the application's; the client's trace goes on. */
    public static Plugin with(OpenTelemetry telemetry) {
        return with(telemetry, description -> {});
    }

    /** Returns a plugin that traces with an OpenTelemetry of the application's. */
    public static Plugin with(OpenTelemetry telemetry, Consumer<? super TracingBuilder> description) {
        TracingBuilder builder = new TracingBuilder();
        description.accept(builder);
        return new TracingPlugin(builder.complete(), () -> telemetry);
    }
}
