package io.lb4j.plugins.tracing;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code tracing}. */
public final class TracingFactory extends PluginFactory {
    /** Called by the service loader. */
    public TracingFactory() {
        super(
                TracingOptions.SECTION,
                settings -> new TracingPlugin(settings, Telemetries.of(settings.value(TracingOptions.TELEMETRY))));
    }
}
