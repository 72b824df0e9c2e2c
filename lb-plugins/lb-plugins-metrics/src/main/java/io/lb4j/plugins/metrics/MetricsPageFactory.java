package io.lb4j.plugins.metrics;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code metrics_page}. */
public final class MetricsPageFactory extends PluginFactory {
    /** Called by the service loader. */
    public MetricsPageFactory() {
        // No reference to the constructor: it would load the library as soon as somebody looks at what is installed.
        super(MetricsOptions.PAGE, settings -> new MetricsPagePlugin(settings));
    }
}
