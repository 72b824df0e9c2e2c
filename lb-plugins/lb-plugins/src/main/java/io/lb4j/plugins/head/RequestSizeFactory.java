package io.lb4j.plugins.head;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code request_size}. */
public final class RequestSizeFactory extends PluginFactory {
    /** Called by the service loader. */
    public RequestSizeFactory() {
        super(RequestSizePlugin.SECTION, RequestSizePlugin::new);
    }
}
