package io.lb4j.plugins.kit;

import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.PluginUse;
import io.lb4j.spi.Plugin;
import java.util.function.Function;

/** Makes one kind of plugin; a configuration names it by its section's name. Thread-safe. */
public abstract class PluginFactory implements PartFactory<Plugin> {
    private final Section section;
    private final Function<Settings, Plugin> maker;

    /**
     * For subclasses, whose own constructor the service loader calls.
     *
     * @param section the options; its name is the plugin's
     */
    protected PluginFactory(Section section, Function<Settings, Plugin> maker) {
        this.section = section;
        this.maker = maker;
    }

    @Override
    public final String kind() {
        return PluginUse.PLUGIN_KIND;
    }

    @Override
    public final String name() {
        return section.name();
    }

    @Override
    public final Section section() {
        return section;
    }

    @Override
    public final Plugin create(Settings settings) {
        return maker.apply(settings);
    }
}
