package io.lb4j.plugins.wasm.engine;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a module, with a memory of its own. Confined to one thread at a time: whoever hands it over publishes it. A call that faults leaves the
 * memory as it was at that moment, which may be anything.
 */
public final class Guest implements AutoCloseable {
    private static final long[] NOTHING = {0};
    private static final long[] NOTHING_GIVEN = {};
    private static final int COLD_FACTOR = 10;

    private final CompiledModule compiled;
    private final EngineLimits limits;
    private final GuestMemory memory = new GuestMemory();
    private final CallSlot slot = Watchdog.open();
    private @Nullable Instance instance; // once it is started
    private int depth; // calls within calls, by way of host functions

    Guest(CompiledModule compiled, EngineLimits limits) {
        this.compiled = compiled;
        this.limits = limits;
    }

    /**
     * Makes the instance, and runs what the module has to begin with, within the time for a start. Host functions may be called, and find the memory. A guest that
     * cannot be started is closed.
     *
     * @param host a function for each of {@link CompiledModule#imports()}, in their order
     * @throws GuestFault if that does not come to its end
     */
    public void start(List<HostFunction> host) {
        long nanos = limits.startTime().toNanos();
        boolean started = false;
        try {
            Instance made = watched(slot, nanos, () -> build(host));
            memory.lieIn(made.memory());
            instance = made;
            runStart(nanos);
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    private Instance build(List<HostFunction> host) {
        MemoryLimits asked =
                compiled.module().memorySection().orElseThrow().getMemory(0).limits();
        int pages = Math.min(asked.maximumPages(), limits.memoryPages());
        Instance.Builder builder = Instance.builder(compiled.module());
        if (compiled.isInterpreted()) {
            builder.withUnsafeExecutionListener(new InterruptionEar());
        }
        return builder.withMachineFactory(compiled.machines())
                .withMemoryFactory(ByteArrayMemory::new)
                .withMemoryLimits(new MemoryLimits(asked.initialPages(), pages))
                .withTableFactory(Guest::table)
                .withImportValues(imports(host))
                .withStart(false)
                .build();
    }

    private static TableInstance table(Table table, int initial) {
        long most = Math.min(table.limits().max(), ModuleScreen.MAX_TABLE);
        TableLimits limits = new TableLimits(
                table.limits().min(), Math.max(most, table.limits().min()));
        return new TableInstance(new Table(table.elementType(), limits), initial);
    }

    private ImportValues imports(List<HostFunction> host) {
        List<ImportFunction> functions = new ArrayList<>();
        for (int i = 0; i < host.size(); i++) {
            ModuleImport wanted = compiled.imports().get(i);
            HostFunction function = host.get(i);
            boolean answers = !wanted.signature().endsWith(">");
            functions.add(new ImportFunction(
                    wanted.module(), wanted.name(), Signatures.parse(wanted.signature()), (caller, arguments) -> {
                        memory.lieIn(caller.memory()); // it may call before it is whole
                        long result = function.call(arguments);
                        return answers ? new long[] {result} : NOTHING;
                    }));
        }
        return ImportValues.builder().withFunctions(functions).build();
    }

    /** A library has {@code _initialize}, and may have a {@code main} for its own; a program has {@code _start}. */
    private void runStart(long nanos) {
        Optional<GuestFunction> initialize = function("_initialize", ">");
        if (initialize.isPresent()) {
            call(initialize.get(), nanos, NOTHING_GIVEN);
            function("main", "ii>i").ifPresent(main -> call(main, nanos, new long[] {0, 0}));
            return;
        }
        try {
            function("_start", ">").ifPresent(start -> call(start, nanos, NOTHING_GIVEN));
        } catch (GuestFault fault) {
            if (!(fault.getCause() instanceof GuestExit exit) || exit.code() != 0) {
                throw fault;
            }
        }
    }

    /** Returns a function that the module exports, if it has this signature. */
    public Optional<GuestFunction> function(String name, String signature) {
        Instance started = instance;
        return started == null
                ? Optional.empty()
                : compiled.signature(name)
                        .filter(signature::equals)
                        .map(any -> new GuestFunction(name, started.export(name)));
    }

    /** Returns the memory. */
    public GuestMemory memory() {
        return memory;
    }

    /**
     * Calls a function, within the time for a call. May be called within a call, by a host function: then the time is that of the call around it.
     *
     * @return the result; 0 where there is none
     * @throws GuestFault if the call does not come to its end
     */
    public long call(GuestFunction function, long... arguments) {
        return call(function, limits.callTime().toNanos(), arguments);
    }

    /** Calls a function, within a time of its own. */
    public long call(GuestFunction function, long nanos, long[] arguments) {
        if (depth > 0) {
            return result(function.export().apply(arguments));
        }
        depth++;
        try {
            long budget = compiled.isCold() ? nanos * COLD_FACTOR : nanos;
            return watched(slot, budget, () -> result(function.export().apply(arguments)));
        } finally {
            depth--;
        }
    }

    private static long result(long[] results) {
        return results == null || results.length == 0 ? 0 : results[0];
    }

    private interface Call<T> {
        T run();
    }

    private static <T> T watched(CallSlot slot, long nanos, Call<T> call) {
        slot.enter(nanos);
        boolean over = false;
        try {
            T result = call.run();
            over = true;
            slot.leave(); // a call that has come to its end is as good as one that was in time
            return result;
        } catch (RuntimeException | StackOverflowError thrown) {
            over = true;
            throw fault(thrown, slot.leave(), nanos);
        } finally {
            if (!over) {
                slot.leave();
            }
        }
    }

    private static GuestFault fault(Throwable thrown, boolean late, long nanos) {
        if (thrown instanceof GuestFault fault) {
            return fault;
        }
        if (late || thrown instanceof ChicoryInterruptedException) {
            String message = "guest: has computed for longer than " + nanos / 1000 + " µs (the limit)";
            return new GuestFault(GuestFault.Reason.OUT_OF_TIME, message, thrown);
        }
        if (thrown instanceof StackOverflowError || thrown.getCause() instanceof StackOverflowError) {
            return new GuestFault(GuestFault.Reason.OUT_OF_STACK, "guest: its calls are too deep", thrown);
        }
        if (thrown instanceof GuestExit exit) {
            return new GuestFault(GuestFault.Reason.EXIT, "guest: has ended itself, " + exit.getMessage(), exit);
        }
        return new GuestFault(GuestFault.Reason.TRAP, "guest: " + thrown.getMessage(), thrown);
    }

    /** Lets go of it. */
    @Override
    public void close() {
        Watchdog.close(slot);
    }
}
