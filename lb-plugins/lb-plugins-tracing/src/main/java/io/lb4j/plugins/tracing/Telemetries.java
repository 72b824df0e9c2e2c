package io.lb4j.plugins.tracing;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a plugin that a configuration names has its OpenTelemetry from. */
final class Telemetries {
    private static final Logger LOGGER = LoggerFactory.getLogger(Telemetries.class);

    private Telemetries() {}

    static Supplier<OpenTelemetry> of(TracingOptions.Telemetry whose) {
        return whose == TracingOptions.Telemetry.GLOBAL ? Telemetries::global : Telemetries::ofEnvironment;
    }

    private static OpenTelemetry global() {
        OpenTelemetry found = GlobalOpenTelemetry.get();
        if (found.getTracerProvider() == TracerProvider.noop()) {
            LOGGER.warn(
                    "tracing: no OpenTelemetry is global in this process, so no spans are made; the traces of clients pass"
                            + " (for one of the plugin's own: telemetry: environment)");
        }
        return found;
    }

    private static OpenTelemetry ofEnvironment() {
        try {
            return EnvironmentTelemetry.open();
        } catch (NoClassDefFoundError absent) {
            String expected = "io.opentelemetry:opentelemetry-sdk-extension-autoconfigure on the class path";
            throw new IllegalArgumentException("telemetry: environment (expected: " + expected + ")", absent);
        } catch (RuntimeException unfit) {
            throw new IllegalArgumentException("telemetry: environment: " + unfit.getMessage(), unfit);
        }
    }
}
