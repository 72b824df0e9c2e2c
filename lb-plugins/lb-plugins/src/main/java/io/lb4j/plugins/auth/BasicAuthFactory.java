package io.lb4j.plugins.auth;

import io.lb4j.config.Inspection;
import io.lb4j.config.Settings;
import io.lb4j.plugins.kit.PluginFactory;
import java.util.Map;

/** Makes the plugin that a configuration calls {@code basic_auth}. */
public final class BasicAuthFactory extends PluginFactory {
    /** Called by the service loader. */
    public BasicAuthFactory() {
        super(BasicAuthOptions.SECTION, BasicAuthPlugin::new);
    }

    @Override
    public void inspect(Settings settings, Inspection inspection) {
        inspection.file(
                settings,
                BasicAuthOptions.HTPASSWD,
                "user:hash in each line",
                file -> new Passwords(Map.of()).and(file));
    }
}
