package io.lb4j.plugins.wasm.engine;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.Export;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A module that has been judged and compiled to code of this machine; instances share it. Thread-safe.
 *
 * <p>Everything is compiled: a function that cannot be is a reason to refuse the module, unless it is allowed that those be interpreted that are too large. They are much slower then, and are stopped
 * by an ear for each of their instructions: the interpreter itself does not look whether it is interrupted in all loops.
 */
public final class CompiledModule {
    /** Calls of a module that take place before its code is compiled by the virtual machine; they have more time. */
    private static final int COLD_CALLS = 1000;

    private final WasmModule module;
    private final Function<Instance, Machine> machines;
    private final List<ModuleImport> imports;
    private final Map<String, String> functions;
    private final boolean interprets; // some functions
    private int calls; // of all instances; some may be lost, for it need not be exact

    private CompiledModule(WasmModule module, Function<Instance, Machine> machines, boolean interprets) {
        this.module = module;
        this.machines = machines;
        this.interprets = interprets;
        this.imports = importsOf(module);
        this.functions = functionsOf(module);
    }

    /**
     * Judges and compiles a module, on a thread of its own. Blocks.
     *
     * @throws UnfitModuleException if it is malformed, too large, takes too long, or needs what is not there
     */
    public static CompiledModule compile(byte[] octets, EngineLimits limits) throws UnfitModuleException {
        requireSize(octets.length, limits);
        return CompilerThread.run(() -> compiled(octets, limits), limits.compileTime());
    }

    /**
     * Judges the module by other limits than those that it was compiled with.
     *
     * @throws UnfitModuleException if it is over one of them
     */
    public void requireFit(int octets, EngineLimits limits) throws UnfitModuleException {
        requireSize(octets, limits);
        ModuleScreen.check(module, limits);
        if (interprets && !limits.interpretsOversized()) {
            throw new UnfitModuleException(
                    "module: has a function that does not fit into a method of the JVM; oversized_functions: interpret has such functions interpreted");
        }
    }

    private static void requireSize(int octets, EngineLimits limits) throws UnfitModuleException {
        if (octets > limits.moduleOctets()) {
            throw new UnfitModuleException(
                    "module: " + octets + " octets (expected: at most " + limits.moduleOctets() + ")");
        }
    }

    private static CompiledModule compiled(byte[] octets, EngineLimits limits) throws UnfitModuleException {
        WasmModule module = Parser.parse(octets);
        ModuleScreen.check(module, limits);
        try {
            return new CompiledModule(module, machines(module, InterpreterFallback.FAIL), false);
        } catch (RuntimeException e) {
            if (!isOversized(e)) {
                throw e;
            }
            if (!limits.interpretsOversized()) {
                throw new UnfitModuleException(
                        "module: has a function that does not fit into a method of the JVM (" + e.getMessage()
                                + "); oversized_functions: interpret has such functions interpreted",
                        e);
            }
            return new CompiledModule(module, machines(module, InterpreterFallback.SILENT), true);
        }
    }

    private static Function<Instance, Machine> machines(WasmModule module, InterpreterFallback fallback) {
        return MachineFactoryCompiler.builder(module)
                .withInterpreterFallback(fallback)
                .compile();
    }

    private static boolean isOversized(RuntimeException reason) {
        Throwable cause = reason.getCause();
        return cause != null && cause.getClass().getSimpleName().equals("MethodTooLargeException");
    }

    /** Returns whether some of its functions are too large to be compiled, and are interpreted. */
    public boolean isInterpreted() {
        return interprets;
    }

    private static List<ModuleImport> importsOf(WasmModule module) {
        List<ModuleImport> imports = new ArrayList<>();
        module.importSection().stream().forEach(each -> {
            if (each instanceof FunctionImport function) {
                FunctionType type = module.typeSection().getType(function.typeIndex());
                imports.add(new ModuleImport(each.module(), each.name(), Signatures.write(type)));
            }
        });
        return List.copyOf(imports);
    }

    private static Map<String, String> functionsOf(WasmModule module) {
        int imported = module.importSection().count(ExternalType.FUNCTION);
        Map<String, String> functions = new HashMap<>();
        for (int i = 0; i < module.exportSection().exportCount(); i++) {
            Export export = module.exportSection().getExport(i);
            if (export.exportType() == ExternalType.FUNCTION && export.index() >= imported) {
                FunctionType type =
                        module.functionSection().getFunctionType(export.index() - imported, module.typeSection());
                functions.put(export.name(), Signatures.write(type));
            }
        }
        return Map.copyOf(functions);
    }

    /** Returns the functions that the module asks for. */
    public List<ModuleImport> imports() {
        return imports;
    }

    /** Returns the signature of a function that the module exports. */
    public Optional<String> signature(String export) {
        return Optional.ofNullable(functions.get(export));
    }

    /** Returns a guest that is yet to be started. */
    public Guest prepare(EngineLimits limits) {
        return new Guest(this, limits);
    }

    WasmModule module() {
        return module;
    }

    Function<Instance, Machine> machines() {
        return machines;
    }

    /** Counts a call; returns whether the code is to be taken for slow yet. */
    boolean isCold() {
        if (calls >= COLD_CALLS) {
            return false;
        }
        calls++;
        return true;
    }
}
