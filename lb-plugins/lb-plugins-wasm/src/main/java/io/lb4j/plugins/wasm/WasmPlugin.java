package io.lb4j.plugins.wasm;

import io.lb4j.config.Settings;
import io.lb4j.plugins.wasm.engine.EngineLimits;
import io.lb4j.plugins.wasm.engine.GuestFault;
import io.lb4j.plugins.wasm.engine.ModuleImport;
import io.lb4j.plugins.wasm.engine.UnfitModuleException;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.lb4j.spi.PluginContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plugin that was compiled to WebAssembly. When its module changes, another generation is made aside and takes the place of the present one, between exchanges; one that cannot be
 * made changes nothing.
 */
final class WasmPlugin implements Plugin {
    private final Settings settings;
    private final ModuleSource source;
    private final EngineLimits limits;
    private @Nullable PluginContext context; // once initialised, as are the two below
    private @Nullable PluginFacilities facilities;
    private volatile @Nullable Generation present;
    private volatile String digest = "";
    private boolean ended; // guarded by this
    private String refused = ""; // of the worker, as is the next one: the digest of a module that could not be loaded
    private String told = ""; // why the last one was not

    WasmPlugin(Settings settings) {
        this.settings = settings;
        this.source = WasmOptions.source(settings);
        this.limits = WasmOptions.limits(settings);
    }

    @Override
    public String name() {
        return WasmOptions.SECTION.name();
    }

    /** Returns the beginning of the module's digest. */
    @Override
    public String version() {
        return digest.isEmpty() ? "unknown" : digest.substring(0, 12);
    }

    @Override
    public void init(PluginContext given) {
        PluginFacilities made = facilities(given);
        context = given;
        facilities = made;
        made.space().enter(made.settings().vmId());
        boolean fit = false;
        try {
            byte[] octets = source.fetch(limits.moduleOctets())
                    .orElseThrow(() -> new IOException(source + ": nothing (expected: a module)"));
            Generation first = generation(octets, made, given);
            present = first;
            digest = LoadedModule.digest(octets);
            long millis = settings.value(WasmOptions.RELOAD).toMillis();
            given.scheduler().scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
            fit = true;
        } catch (IOException | UnfitModuleException | GuestFault e) {
            throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
        } finally {
            if (!fit) {
                close();
            }
        }
    }

    /** Timers run from now on, and calls are made. */
    @Override
    public void inForce() {
        Generation first = present;
        if (first != null) {
            first.begin();
        }
    }

    private PluginFacilities facilities(PluginContext given) {
        Logger logger = LoggerFactory.getLogger("io.lb4j.plugins.wasm.guest." + given.name());
        Octets config = settings.isSet(WasmOptions.CONFIG_TEXT)
                ? octets(settings.value(WasmOptions.CONFIG_TEXT))
                : Octets.of(JsonText.octets(settings.find(WasmOptions.CONFIG).orElseGet(given::config)));
        GuestSettings told = new GuestSettings(
                settings.find(WasmOptions.PLUGIN_NAME).orElse(given.name()),
                settings.find(WasmOptions.ROOT_ID).orElse(""),
                settings.find(WasmOptions.VM_ID).orElse(given.place()),
                config,
                octets(settings.find(WasmOptions.VM_CONFIG).orElse("")),
                settings.value(WasmOptions.ENVIRONMENT),
                settings.find(WasmOptions.CAPABILITIES).map(Set::copyOf),
                settings.find(WasmOptions.CLUSTERS).map(Set::copyOf),
                limits);
        SharedSpace space = SharedSpace.of(given.eventLoops().get(0));
        return new PluginFacilities(told, logger, given.clusters(), new MetricTable(given::metric), space);
    }

    private static Octets octets(String text) {
        return Octets.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private Generation generation(byte[] octets, PluginFacilities made, PluginContext given)
            throws IOException, UnfitModuleException {
        LoadedModule module = LoadedModule.of(octets, settings);
        if (module.code().isInterpreted()) {
            made.logger()
                    .warn(
                            "plugin {}: functions of {} do not fit into a method of the JVM, and are interpreted: they are slow",
                            given.place(),
                            source);
        }
        source.requireFit(use(module, made.settings()));
        Generation.Plan plan =
                new Generation.Plan(module.abi(), module.code(), made, settings.value(WasmOptions.MAX_RESTARTS));
        return Generation.open(plan, given.eventLoops());
    }

    private static ModuleUse use(LoadedModule module, GuestSettings told) {
        return new ModuleUse(
                module.abi().publicName(),
                module.code().imports().stream().map(ModuleImport::name).collect(Collectors.toSet()),
                told.capabilities(),
                new String(told.config().array(), StandardCharsets.UTF_8),
                told.limits().memoryOctets(),
                told.limits().callTime());
    }

    /** Looks whether the module has changed. Called by the plugin's own thread. */
    private void look() {
        PluginContext given = context;
        PluginFacilities made = facilities;
        Generation old = present;
        if (given == null || made == null || old == null) {
            return;
        }
        PluginContext.Dependency module = given.dependency("module");
        try {
            Optional<byte[]> fresh = source.fetch(limits.moduleOctets());
            String found = fresh.map(LoadedModule::digest).orElse(refused.isEmpty() ? digest : refused);
            if (found.equals(digest)) {
                refused = "";
                isWell(module);
                return;
            }
            if (fresh.isEmpty() || found.equals(refused)) {
                return; // it has been said what is wrong with it
            }
            refused = found; // until it is in force
            Generation next = generation(fresh.get(), made, given);
            if (!putInForce(next)) {
                next.close();
                return;
            }
            digest = found;
            next.begin();
            old.retire();
            refused = "";
            isWell(module);
            given.metric("reloads").add(1);
            made.logger().info("plugin {} is reloaded from {}: {}", given.place(), source, version());
        } catch (IOException | UnfitModuleException | GuestFault e) {
            notReloaded(module, String.valueOf(e.getMessage()), null);
        } catch (RuntimeException | LinkageError e) {
            notReloaded(module, e.toString(), e);
        }
    }

    private void isWell(PluginContext.Dependency module) {
        Optional<String> trouble = source.trouble();
        trouble.ifPresentOrElse(module::troubled, module::well);
        told = "";
    }

    /** The module stays. That is told of once; another reason meanwhile, and the stack of what nobody has foreseen, is logged here. */
    private void notReloaded(PluginContext.Dependency module, String why, @Nullable Throwable fault) {
        PluginContext given = context;
        PluginFacilities made = facilities;
        if (given == null || made == null) {
            return;
        }
        given.metric("reloads_failed").add(1);
        module.troubled("stays at " + version() + ", for " + source + " cannot be loaded: " + why);
        boolean isToldOf = why.equals(told) || (told.isEmpty() && fault == null);
        told = why;
        if (!isToldOf) {
            made.logger()
                    .error("plugin {} stays as it is, for {} cannot be loaded: {}", given.place(), source, why, fault);
        }
    }

    /** Puts a generation in force, unless the plugin has ended meanwhile. */
    private synchronized boolean putInForce(Generation next) {
        if (ended) {
            return false;
        }
        present = next;
        return true;
    }

    /** Ends; returns what is in force. */
    private synchronized @Nullable Generation end() {
        ended = true;
        return present;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        Generation generation = present;
        if (generation == null) {
            throw new IllegalStateException("plugin: closed (expected: initialised)");
        }
        return generation.filter(exchange);
    }

    @Override
    public void close() {
        Generation last = end();
        PluginFacilities made = facilities;
        if (last != null) {
            last.close();
        }
        if (made != null) {
            made.space().leave(made.settings().vmId());
        }
        source.close();
    }
}
