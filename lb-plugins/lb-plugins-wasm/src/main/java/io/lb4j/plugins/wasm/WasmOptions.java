package io.lb4j.plugins.wasm;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Part;
import io.lb4j.config.ScalarType;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.ModelTypes;
import io.lb4j.plugins.kit.SecureAddress;
import io.lb4j.plugins.wasm.engine.EngineLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What can be configured of a plugin that was compiled to WebAssembly. */
final class WasmOptions {
    private static final String ADDRESS = "an https address, or an http address of this machine";
    private static final String DIGEST = "64 hexadecimal digits";
    private static final long MEGABYTE = 1 << 20;

    /** Of any number of lines: it is for the guest to judge. */
    private static final ScalarType<String> TEXT = OptionTypes.text(String.class, "a text", text -> text, text -> text);

    static final Option<Path> PATH = Option.of(
                    "path", OptionTypes.file(), "File that holds the module; it is read again when it has changed.")
            .absentMeans("url or source says it")
            .build();

    static final Option<URI> URL = Option.of(
                    "url",
                    SecureAddress.type(ADDRESS),
                    "Where the module is fetched, once; sha256 says which it has to be.")
            .absentMeans("path or source says it")
            .build();

    static final Option<Part> SOURCE = Option.of(
                    "source", OptionTypes.part(ModuleSource.PART_KIND), "Where the module comes from otherwise.")
            .absentMeans("path or url says it")
            .build();

    static final Option<String> SHA256 = Option.of(
                    "sha256",
                    OptionTypes.text(String.class, DIGEST, WasmOptions::requireDigest, text -> text),
                    "SHA-256 that the module has to have.")
            .absentMeans("any module is taken; with url it is required")
            .build();

    static final Option<Map<String, Object>> CONFIG = Option.of(
                    "config", OptionTypes.tree(), "What the guest is told, as JSON.")
            .absentMeans("what the plugin's place says under config")
            .secret()
            .build();

    static final Option<String> CONFIG_TEXT = Option.of("config_text", TEXT, "What the guest is told, as it stands.")
            .absentMeans("config says it")
            .secret()
            .build();

    static final Option<String> VM_CONFIG = Option.of(
                    "vm_config", TEXT, "What the guest is told when its machine starts.")
            .absentMeans("nothing")
            .secret()
            .build();

    static final Option<String> PLUGIN_NAME = Option.of(
                    "plugin_name", OptionTypes.string("a name"), "The plugin's name as the guest sees it.")
            .absentMeans("the plugin's own")
            .build();

    static final Option<String> ROOT_ID = Option.of(
                    "root_id", OptionTypes.string("a name"), "Which of a module's plugins is meant.")
            .absentMeans("the one that has no name")
            .build();

    static final Option<String> VM_ID = Option.of(
                    "vm_id",
                    OptionTypes.string("a name"),
                    "Name under which plugins share data and queues with one another.")
            .absentMeans("the plugin's place: it shares with nobody")
            .build();

    static final Option<Map<String, String>> ENVIRONMENT = Option.of(
                    "environment",
                    OptionTypes.map("names", OptionTypes.string("a value")),
                    "Variables of the guest's environment.")
            .defaultsTo(Map.of())
            .secret()
            .build();

    static final Option<List<String>> CAPABILITIES = Option.of(
                    "capabilities",
                    OptionTypes.list(OptionTypes.string("a function such as proxy_log")),
                    "Functions that the guest may call, and callbacks that it hears.")
            .absentMeans("all")
            .build();

    static final Option<List<String>> CLUSTERS = Option.of(
                    "clusters", OptionTypes.list(OptionTypes.name()), "Clusters that the guest may call.")
            .absentMeans("all")
            .build();

    static final Option<Long> MAX_MODULE = Option.of(
                    "max_module", OptionTypes.size(8, 256 * MEGABYTE), "Octets that a module may have.")
            .defaultsTo(16 * MEGABYTE)
            .build();

    static final Option<Long> MAX_MEMORY = Option.of(
                    "max_memory", OptionTypes.size(65_536, 1024 * MEGABYTE), "Octets of memory for each instance.")
            .defaultsTo(16 * MEGABYTE)
            .build();

    static final Option<Duration> CALL_TIME = Option.of(
                    "call_time",
                    ModelTypes.time(),
                    "Time of the processor for one call; ten times that for the first thousand calls of a module.")
            .defaultsTo(Duration.ofMillis(5))
            .build();

    static final Option<Duration> START_TIME = Option.of(
                    "start_time", ModelTypes.time(), "Time of the processor for starting an instance.")
            .defaultsTo(Duration.ofSeconds(2))
            .build();

    static final Option<Duration> COMPILE_TIME = Option.of(
                    "compile_time", ModelTypes.time(), "Time of the processor for compiling a module.")
            .defaultsTo(Duration.ofSeconds(60))
            .build();

    /** What becomes of a function that is larger than a method of the JVM can be. */
    enum Oversized {
        /** Its module is refused. */
        REFUSE,
        /** It is interpreted. */
        INTERPRET
    }

    static final Option<Oversized> OVERSIZED_FUNCTIONS = Option.of(
                    "oversized_functions",
                    OptionTypes.oneOf(Oversized.class),
                    "What becomes of functions that do not fit into a method of the JVM (64 KB): their module is refused, or they are interpreted, which is some ten times slower or more.")
            .defaultsTo(Oversized.REFUSE)
            .build();

    static final Option<Integer> MAX_RESTARTS = Option.of(
                    "max_restarts",
                    OptionTypes.integer(0, 10_000),
                    "How often in a minute an instance that has faulted is replaced, on each event loop.")
            .defaultsTo(60)
            .build();

    static final Option<Duration> RELOAD = Option.of(
                    "reload", ModelTypes.time(), "How often it is looked whether the module has changed.")
            .defaultsTo(Duration.ofSeconds(2))
            .build();

    static final Section SECTION = Section.of("wasm", "Runs a plugin that was compiled to WebAssembly.")
            .options(PATH, URL, SOURCE, SHA256, CONFIG, CONFIG_TEXT, VM_CONFIG, PLUGIN_NAME, ROOT_ID, VM_ID)
            .options(ENVIRONMENT, CAPABILITIES, CLUSTERS, MAX_MODULE, MAX_MEMORY, CALL_TIME, START_TIME)
            .options(COMPILE_TIME, OVERSIZED_FUNCTIONS, MAX_RESTARTS, RELOAD)
            .exactlyOneOf(PATH, URL, SOURCE)
            .rule(WasmOptions::requireDigestOfUrl)
            .build();

    private WasmOptions() {}

    private static String requireDigest(String text) {
        String digest = text.toLowerCase(Locale.ROOT);
        if (!digest.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(DIGEST);
        }
        return digest;
    }

    private static void requireDigestOfUrl(Settings settings, Scope scope) {
        if (settings.isSet(URL) && !settings.isSet(SHA256)) {
            scope.at(SHA256.name()).report(Fault.Code.MISSING, "missing", DIGEST, settings.origin(URL));
        }
    }

    static EngineLimits limits(Settings settings) {
        return new EngineLimits(
                settings.value(MAX_MODULE),
                settings.value(MAX_MEMORY),
                settings.value(CALL_TIME),
                settings.value(START_TIME),
                settings.value(COMPILE_TIME),
                settings.value(OVERSIZED_FUNCTIONS) == Oversized.INTERPRET);
    }

    static ModuleSource source(Settings settings) {
        if (settings.isSet(PATH)) {
            return new FileSource(settings.value(PATH));
        }
        return settings.isSet(URL)
                ? new UrlSource(settings.value(URL))
                : settings.value(SOURCE).create(ModuleSource.class);
    }
}
