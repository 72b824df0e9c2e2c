package io.lb4j.plugins.tracing;

import io.lb4j.plugins.kit.PluginFactory;
import io.opentelemetry.api.GlobalOpenTelemetry;

/** Makes the plugin that a configuration calls {@code tracing}, for the OpenTelemetry that the application has made global. */
public final class TracingFactory extends PluginFactory {
    /** Called by the service loader. */
    public TracingFactory() {
        super(TracingOptions.SECTION, settings -> new TracingPlugin(settings, GlobalOpenTelemetry::get));
    }
}
