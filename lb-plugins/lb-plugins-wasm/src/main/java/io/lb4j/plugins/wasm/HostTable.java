package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.CompiledModule;
import io.lb4j.plugins.wasm.engine.GuestFault;
import io.lb4j.plugins.wasm.engine.HostFunction;
import io.lb4j.plugins.wasm.engine.ModuleImport;
import io.lb4j.plugins.wasm.engine.UnfitModuleException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The functions that guests of one ABI may call. Immutable.
 *
 * @param <H> what they work on
 */
final class HostTable<H extends GuestHost> {
    private static final int WASI_NOT_CAPABLE = 76;

    private final String abi;
    private final Map<String, HostCall<? super H>> calls = new TreeMap<>(); // filled once

    /**
     * Creates a table.
     *
     * @param abi what the functions are called together
     */
    HostTable(String abi, List<? extends Collection<? extends HostCall<? super H>>> groups) {
        this.abi = abi;
        groups.forEach(group -> group.forEach(call -> calls.put(call.path(), call)));
    }

    Collection<HostCall<? super H>> functions() {
        return calls.values();
    }

    /**
     * Judges what a module asks for.
     *
     * @throws UnfitModuleException if there is no such function, or of another type
     */
    void check(CompiledModule module) throws UnfitModuleException {
        for (ModuleImport wanted : module.imports()) {
            HostCall<? super H> call = calls.get(wanted.path());
            if (call == null) {
                throw new UnfitModuleException(
                        "import " + wanted.path() + ": unknown (expected: functions of " + abi + ")");
            }
            if (!call.signature().equals(wanted.signature())) {
                throw new UnfitModuleException("import " + wanted.path() + ": " + wanted.signature() + " (expected: "
                        + call.signature() + ")");
            }
        }
    }

    /** Returns the functions that an instance of a module is given, in the order of its imports. */
    List<HostFunction> bind(CompiledModule module, GuestSettings settings, H guest) {
        List<HostFunction> functions = new ArrayList<>();
        for (ModuleImport wanted : module.imports()) {
            HostCall<? super H> call = calls.get(wanted.path());
            if (call == null) {
                throw new IllegalStateException("import " + wanted.path() + ": not checked");
            }
            functions.add(settings.mayCall(call.name()) ? bound(call, guest) : restricted(call, guest));
        }
        return functions;
    }

    private static <G extends GuestHost> HostFunction bound(HostCall<G> call, G guest) {
        boolean isWasi = call.module().startsWith("wasi");
        return arguments -> {
            try {
                return call.body().call(guest, arguments);
            } catch (GuestArguments.OutOfMemory e) {
                return isWasi ? WasiCalls.FAULT : Status.INVALID_MEMORY_ACCESS;
            } catch (GuestArguments.NoMap e) {
                return Status.BAD_ARGUMENT;
            }
        };
    }

    private static <G extends GuestHost> HostFunction restricted(HostCall<G> call, G guest) {
        int refusal = call.module().startsWith("wasi") ? WASI_NOT_CAPABLE : Status.INTERNAL_FAILURE;
        return arguments -> {
            if (call.name().equals("proc_exit")) {
                throw new GuestFault(GuestFault.Reason.EXIT, "guest: has ended itself");
            }
            Logs.note(guest, "call of " + call.name() + " refused: not among the capabilities");
            return refusal;
        };
    }
}
