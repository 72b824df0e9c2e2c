package io.lb4j.plugins.wasm.engine;

import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.Export;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.SubType;
import com.dylibso.chicory.wasm.types.TypeSection;

/** What a module must not have: whatever would take memory of this process that no limit holds for, or a second thread. */
final class ModuleScreen {
    static final int MAX_TABLE = 100_000;

    private ModuleScreen() {}

    static void check(WasmModule module, EngineLimits limits) throws UnfitModuleException {
        for (int i = 0; i < module.importSection().importCount(); i++) {
            Import wanted = module.importSection().getImport(i);
            if (wanted.importType() != ExternalType.FUNCTION) {
                throw new UnfitModuleException("import " + wanted.module() + "." + wanted.name() + ": "
                        + wanted.importType() + " (expected: functions only)");
            }
        }
        checkMemory(module, limits);
        checkTables(module);
        checkTypes(module.typeSection());
    }

    private static void checkMemory(WasmModule module, EngineLimits limits) throws UnfitModuleException {
        int count = module.memorySection().map(section -> section.memoryCount()).orElse(0);
        if (count != 1 || !exportsMemory(module)) {
            throw new UnfitModuleException("memories: " + count + " (expected: one, exported as \"memory\")");
        }
        MemoryLimits memory = module.memorySection().orElseThrow().getMemory(0).limits();
        if (memory.shared()) {
            throw new UnfitModuleException("memory: shared between threads (expected: a guest of one thread)");
        }
        if (memory.initialPages() > limits.memoryPages()) {
            throw new UnfitModuleException("memory: " + memory.initialPages()
                    + " pages at the start (expected: at most " + limits.memoryPages() + ")");
        }
    }

    private static boolean exportsMemory(WasmModule module) {
        for (int i = 0; i < module.exportSection().exportCount(); i++) {
            Export export = module.exportSection().getExport(i);
            if (export.exportType() == ExternalType.MEMORY && "memory".equals(export.name())) {
                return true;
            }
        }
        return false;
    }

    private static void checkTables(WasmModule module) throws UnfitModuleException {
        long entries = 0;
        for (int i = 0; i < module.tableSection().tableCount(); i++) {
            entries += module.tableSection().getTable(i).limits().min();
        }
        if (entries > MAX_TABLE || module.tableSection().tableCount() > 16) {
            throw new UnfitModuleException("tables: " + module.tableSection().tableCount() + " with " + entries
                    + " entries (expected: at most 16 with " + MAX_TABLE + ")");
        }
    }

    /** Structures and arrays live outside of the guest's memory. */
    private static void checkTypes(TypeSection types) throws UnfitModuleException {
        for (int i = 0; i < types.subTypeCount(); i++) {
            SubType type = types.getSubType(i);
            if (type.compType().structType() != null || type.compType().arrayType() != null) {
                throw new UnfitModuleException("type " + i + ": a structure or an array (expected: functions only)");
            }
        }
    }
}
