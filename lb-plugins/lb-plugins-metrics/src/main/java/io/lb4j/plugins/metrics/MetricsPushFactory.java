package io.lb4j.plugins.metrics;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code metrics_push}. */
public final class MetricsPushFactory extends PluginFactory {
    /** Called by the service loader. */
    public MetricsPushFactory() {
        // No reference to the constructor: it would load the library as soon as somebody looks at what is installed.
        super(MetricsOptions.PUSH, settings -> new MetricsPushPlugin(settings));
    }
}
