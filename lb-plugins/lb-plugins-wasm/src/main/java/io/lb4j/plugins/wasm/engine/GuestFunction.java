package io.lb4j.plugins.wasm.engine;

import com.dylibso.chicory.runtime.ExportFunction;

/** A function of one guest. */
public final class GuestFunction {
    private final String name;
    private final ExportFunction export;

    GuestFunction(String name, ExportFunction export) {
        this.name = name;
        this.export = export;
    }

    ExportFunction export() {
        return export;
    }

    @Override
    public String toString() {
        return name;
    }
}
