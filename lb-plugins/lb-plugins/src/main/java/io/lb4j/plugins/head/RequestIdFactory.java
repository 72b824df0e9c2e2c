package io.lb4j.plugins.head;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code request_id}. */
public final class RequestIdFactory extends PluginFactory {
    /** Called by the service loader. */
    public RequestIdFactory() {
        super(RequestIdPlugin.SECTION, RequestIdPlugin::new);
    }
}
