package io.lb4j.plugins.kit;

import io.lb4j.config.Section;
import io.lb4j.spi.Plugin;
import io.lb4j.spi.PluginContext;

/** A plugin that is made of settings. It is named by its section, and told nothing further: a {@code config} beside its settings is refused. */
public abstract class BuiltIn implements Plugin {
    private final Section section;

    /** For subclasses. */
    protected BuiltIn(Section section) {
        this.section = section;
    }

    @Override
    public final String name() {
        return section.name();
    }

    @Override
    public final String version() {
        String known = getClass().getPackage().getImplementationVersion();
        return known == null ? "0" : known;
    }

    @Override
    public final void init(PluginContext context) {
        if (!context.config().isEmpty()) {
            throw new IllegalArgumentException(
                    "config: something (expected: nothing; the settings of " + name() + " stand beside its type)");
        }
        begin(context);
    }

    /**
     * Gets ready. By default there is nothing to do.
     *
     * @throws IllegalArgumentException if that is not possible; the message says why
     */
    protected void begin(PluginContext context) {}
}
