package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.config.Settings;
import io.lb4j.model.PluginUse;
import io.lb4j.spi.Plugin;
import java.util.List;
import java.util.function.Consumer;

/** What builders of things that have plugins share: the balancer, a listener, a route. */
abstract class PluggableBuilder<B extends PluggableBuilder<B>> extends SectionBuilder<B> {
    private final Option<List<Settings>> plugins;

    PluggableBuilder(Draft draft, Option<List<Settings>> plugins) {
        super(draft);
        this.plugins = plugins;
    }

    /** Adds a plugin for all that goes through here. Default: none. */
    public B plugin(Plugin plugin) {
        return plugin(plugin, use -> {});
    }

    /** Adds a plugin. Default: none. */
    public B plugin(Plugin plugin, Consumer<? super PluginBuilder> use) {
        return plugin(Part.of(plugin.name(), plugin), use);
    }

    /** Adds a plugin that a factory makes. Default: none. */
    public B plugin(Part plugin) {
        return plugin(plugin, use -> {});
    }

    /** Adds a plugin that a factory makes. Default: none. */
    public B plugin(Part plugin, Consumer<? super PluginBuilder> use) {
        Origin origin = origin("plugin");
        Draft added = new Draft(PluginUse.SECTION);
        added.set(PluginUse.NAME, plugin.name(), origin);
        added.set(PluginUse.USE, plugin, origin);
        draft().add(plugins, added, origin);
        use.accept(new PluginBuilder(added));
        return self();
    }

    /** Leaves a plugin out that a wider place has, by its name. Default: it takes part here too. */
    public B withoutPlugin(String name) {
        Origin origin = origin("withoutPlugin");
        Draft added = new Draft(PluginUse.SECTION);
        added.set(PluginUse.NAME, name, origin);
        added.set(PluginUse.ENABLED, false, origin);
        draft().add(plugins, added, origin);
        return self();
    }
}
