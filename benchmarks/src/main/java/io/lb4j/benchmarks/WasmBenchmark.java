package io.lb4j.benchmarks;

import io.lb4j.http.FieldName;
import io.lb4j.http.RequestHead;
import io.lb4j.plugins.wasm.Wasm;
import io.lb4j.plugins.wasm.engine.CompiledModule;
import io.lb4j.plugins.wasm.engine.EngineLimits;
import io.lb4j.plugins.wasm.engine.Guest;
import io.lb4j.plugins.wasm.engine.GuestFunction;
import io.lb4j.plugins.wasm.engine.UnfitModuleException;
import io.lb4j.spi.Filter;
import io.lb4j.spi.Plugin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a plugin of WebAssembly costs, whose guest does next to nothing: so it is what the host costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class WasmBenchmark {
    private static final FieldName ADDED = FieldName.of("x-added");
    private static final EngineLimits LIMITS = new EngineLimits(
            1 << 20, 16 << 20, Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1), false);

    private final PluginPlace place = new PluginPlace();
    private final PluginExchange exchange = new PluginExchange();
    private final CompiledModule module;
    private final Plugin plugin;
    private final Guest guest;
    private final GuestFunction nothing;
    private final Path file;

    /** Compiles the guest. */
    public WasmBenchmark() {
        try (InputStream in = Objects.requireNonNull(WasmBenchmark.class.getResourceAsStream("add-field.wasm"))) {
            byte[] octets = in.readAllBytes();
            module = CompiledModule.compile(octets, LIMITS);
            guest = instance();
            nothing = guest.function("nothing", ">").orElseThrow();
            file = Files.write(Files.createTempFile("add-field", ".wasm"), octets);
            plugin = Wasm.plugin(file).create(Plugin.class);
        } catch (IOException | UnfitModuleException e) {
            throw new IllegalStateException(e);
        }
    }

    private Guest instance() {
        Guest made = module.prepare(LIMITS);
        made.start(List.of(arguments -> 0));
        return made;
    }

    /** Starts the plugin. */
    @Setup
    public void prepare() {
        plugin.init(place);
        exchange.request()
                .target("/some/path")
                .fields()
                .add("user-agent", "benchmark")
                .add("accept", "*/*");
    }

    /** Ends everything. */
    @TearDown
    public void end() throws IOException {
        plugin.close();
        place.close();
        guest.close();
        Files.delete(file);
    }

    /** One exchange with a plugin that adds a field: its context made and let go of, its end and its log told. */
    @Benchmark
    public int addsAField() {
        RequestHead head = exchange.request();
        head.fields().remove(ADDED);
        Filter filter = plugin.filter(exchange);
        filter.onRequestHead(exchange, head, true);
        filter.onEnd(exchange);
        return head.fields().size();
    }

    /** One call of a guest that returns at once, watched. */
    @Benchmark
    public long callsNothing() {
        return guest.call(nothing);
    }

    /** Making an instance of a compiled module, and letting go of it. */
    @Benchmark
    public long instantiates() {
        try (Guest made = instance()) {
            return made.memory().size();
        }
    }
}
