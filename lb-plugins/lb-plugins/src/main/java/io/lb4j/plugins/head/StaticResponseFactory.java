package io.lb4j.plugins.head;

import io.lb4j.config.Inspection;
import io.lb4j.config.Settings;
import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code static_response}. */
public final class StaticResponseFactory extends PluginFactory {
    /** Called by the service loader. */
    public StaticResponseFactory() {
        super(StaticResponseOptions.SECTION, StaticResponsePlugin::new);
    }

    @Override
    public void inspect(Settings settings, Inspection inspection) {
        inspection.file(settings, StaticResponseOptions.FILE, "a file that can be read", StaticResponsePlugin::read);
    }
}
