package io.lb4j.plugins.auth;

import io.lb4j.config.Option;
import io.lb4j.plugins.kit.PluginFactory;
import java.util.List;

/** Makes the plugin that a configuration calls {@code forward_auth}. */
public final class ForwardAuthFactory extends PluginFactory {
    /** Called by the service loader. */
    public ForwardAuthFactory() {
        super(ForwardAuthOptions.SECTION, ForwardAuthPlugin::new);
    }

    @Override
    public List<Option<String>> clusterOptions() {
        return List.of(ForwardAuthOptions.CLUSTER);
    }
}
