package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.model.PluginUse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a plugin takes part in exchanges. */
public final class PluginBuilder extends SectionBuilder<PluginBuilder> {
    PluginBuilder(Draft draft) {
        super(draft);
    }

    @Override
    PluginBuilder self() {
        return this;
    }

    /** Sets the name in statistics and logs. Default: the plugin's own. */
    public PluginBuilder name(String name) {
        return set(PluginUse.NAME, name, "name");
    }

    /** Sets whether it takes part. Default: it does. */
    public PluginBuilder enabled(boolean enabled) {
        return set(PluginUse.ENABLED, enabled, "enabled");
    }

    /** Sets its place in the chain: the higher comes first on the way in. Default: what the plugin says. */
    public PluginBuilder priority(int priority) {
        return set(PluginUse.PRIORITY, priority, "priority");
    }

    /**
     * Adds paths that it works on: {@code /api/v1/*} for one segment more, {@code /api/**} for everything below. Default: all.
     *
     * @see io.lb4j.model.PathGlob
     */
    public PluginBuilder paths(String... globs) {
        return addTexts(PluginUse.PATHS, List.of(globs), "paths");
    }

    /** Adds methods that it works on. Default: all. */
    public PluginBuilder methods(String... methods) {
        return addTexts(PluginUse.METHODS, List.of(methods), "methods");
    }

    /** Sets what the plugin is told at its start: texts, numbers, booleans, lists and maps. Default: nothing. */
    public PluginBuilder config(Map<String, ?> config) {
        return set(PluginUse.CONFIG, new LinkedHashMap<>(config), "config");
    }

    /** Lets exchanges go without the plugin where it cannot be initialised, until the next configuration. Default: the configuration is refused. */
    public PluginBuilder optional() {
        return set(PluginUse.REQUIRED, false, "optional");
    }

    /** Lets exchanges go on without the plugin when it fails. Default: they fail. */
    public PluginBuilder failOpen() {
        return set(PluginUse.ON_FAILURE, PluginUse.FailureMode.FAIL_OPEN, "failOpen");
    }

    /** Lets exchanges fail when the plugin does, which is the default. */
    public PluginBuilder failClosed() {
        return set(PluginUse.ON_FAILURE, PluginUse.FailureMode.FAIL_CLOSED, "failClosed");
    }

    /** Sets how long it may pause a request or a response each time. Default: 5 seconds. */
    public PluginBuilder timeout(Duration timeout) {
        return set(PluginUse.TIMEOUT, timeout, "timeout");
    }

    /** Sets how many octets of a body it may gather. Default: 256 KiB. */
    public PluginBuilder bufferLimit(long octets) {
        return set(PluginUse.BUFFER_LIMIT, octets, "bufferLimit");
    }

    /** Sets how many failures within which time take it out. Default: 20 within 10 seconds. */
    public PluginBuilder outAfter(int failures, Duration window) {
        set(PluginUse.MAX_FAILURES, failures, "outAfter");
        return set(PluginUse.FAILURE_WINDOW, window, "outAfter");
    }

    /** Sets how long it stays out before it is tried again. Default: 30 seconds. */
    public PluginBuilder retryAfter(Duration time) {
        return set(PluginUse.RETRY_AFTER, time, "retryAfter");
    }

    /** Sets how long one call may hold an event loop before the plugin is named and taken out. Default: half a second. */
    public PluginBuilder blockLimit(Duration limit) {
        return set(PluginUse.BLOCK_LIMIT, limit, "blockLimit");
    }
}
