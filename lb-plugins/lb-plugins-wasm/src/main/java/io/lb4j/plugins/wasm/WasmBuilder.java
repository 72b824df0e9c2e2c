package io.lb4j.plugins.wasm;

import io.lb4j.config.Draft;
import io.lb4j.config.Part;
import io.lb4j.plugins.kit.PartBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Describes a plugin that was compiled to WebAssembly. */
public final class WasmBuilder extends PartBuilder<WasmBuilder> {
    WasmBuilder() {
        super(new Draft(WasmOptions.SECTION));
    }

    @Override
    protected WasmBuilder self() {
        return this;
    }

    /** Sets the file that holds the module; when it changes the plugin is reloaded. Required, or one of the next two is. */
    public WasmBuilder path(Path file) {
        return set(WasmOptions.PATH, file, "path");
    }

    /** Sets where the module is fetched, and the SHA-256 that it has to have. Default: it is in a file. */
    public WasmBuilder url(String address, String sha256) {
        setText(WasmOptions.URL, address, "url");
        return sha256(sha256);
    }

    /** Sets where the module comes from: a part of kind {@value ModuleSource#PART_KIND}. Default: it is in a file. */
    public WasmBuilder source(Part source) {
        return set(WasmOptions.SOURCE, source, "source");
    }

    /** Sets the SHA-256 that the module has to have. Default: any module is taken. */
    public WasmBuilder sha256(String digest) {
        return setText(WasmOptions.SHA256, digest, "sha256");
    }

    /** Sets what the guest is told, as JSON. Default: nothing. */
    public WasmBuilder config(Map<String, ?> config) {
        return set(WasmOptions.CONFIG, new LinkedHashMap<>(config), "config");
    }

    /** Sets what the guest is told, as it stands. Default: nothing. */
    public WasmBuilder config(String text) {
        return set(WasmOptions.CONFIG_TEXT, text, "config");
    }

    /** Sets what the guest is told when its machine starts. Default: nothing. */
    public WasmBuilder vmConfig(String text) {
        return set(WasmOptions.VM_CONFIG, text, "vmConfig");
    }

    /** Sets the plugin's name as the guest sees it. Default: the plugin's own. */
    public WasmBuilder pluginName(String name) {
        return set(WasmOptions.PLUGIN_NAME, name, "pluginName");
    }

    /** Sets which of a module's plugins is meant. Default: the one that has no name. */
    public WasmBuilder rootId(String name) {
        return set(WasmOptions.ROOT_ID, name, "rootId");
    }

    /** Sets the name under which plugins share data and queues. Default: this one shares with nobody. */
    public WasmBuilder vmId(String name) {
        return set(WasmOptions.VM_ID, name, "vmId");
    }

    /** Adds a variable of the guest's environment. Default: none. */
    public WasmBuilder environment(String name, String value) {
        return put(WasmOptions.ENVIRONMENT, name, value, "environment");
    }

    /** Sets which functions the guest may call, and which callbacks it hears. Default: all. */
    public WasmBuilder capabilities(String... names) {
        return set(WasmOptions.CAPABILITIES, List.of(names), "capabilities");
    }

    /** Sets which clusters the guest may call. Default: all. */
    public WasmBuilder clusters(String... names) {
        return set(WasmOptions.CLUSTERS, List.of(names), "clusters");
    }

    /** Sets how many octets a module may have. Default: 16 MiB. */
    public WasmBuilder maxModule(long octets) {
        return set(WasmOptions.MAX_MODULE, octets, "maxModule");
    }

    /** Sets how many octets of memory each instance may have; there is one for each event loop. Default: 16 MiB. */
    public WasmBuilder maxMemory(long octets) {
        return set(WasmOptions.MAX_MEMORY, octets, "maxMemory");
    }

    /** Sets the processor's time for one call. Default: 5 ms; ten times that for the first thousand calls of a module, whose code is slow yet. */
    public WasmBuilder callTime(Duration time) {
        return set(WasmOptions.CALL_TIME, time, "callTime");
    }

    /** Sets the processor's time for starting an instance. Default: 2 seconds. */
    public WasmBuilder startTime(Duration time) {
        return set(WasmOptions.START_TIME, time, "startTime");
    }

    /** Sets the processor's time for compiling a module. Default: a minute. */
    public WasmBuilder compileTime(Duration time) {
        return set(WasmOptions.COMPILE_TIME, time, "compileTime");
    }

    /** Has functions that do not fit into a method of the JVM interpreted, which is slow. Default: a module that has such functions is refused. */
    public WasmBuilder interpretOversizedFunctions() {
        return set(WasmOptions.OVERSIZED_FUNCTIONS, WasmOptions.Oversized.INTERPRET, "interpretOversizedFunctions");
    }

    /** Sets how often in a minute an instance that has faulted is replaced, on each event loop. Default: 60. */
    public WasmBuilder maxRestarts(int perMinute) {
        return set(WasmOptions.MAX_RESTARTS, perMinute, "maxRestarts");
    }

    /** Sets how often it is looked whether the module has changed. Default: every 2 seconds. */
    public WasmBuilder reload(Duration interval) {
        return set(WasmOptions.RELOAD, interval, "reload");
    }
}
