package io.lb4j.plugins.wasm.engine;

/**
 * A function that a module asks for. Immutable.
 *
 * @param module the name space, {@code env} for example
 * @param name the function's name in it
 * @param signature types of parameters and results: {@code ij>i}; {@code i} and {@code j} are integers of 32 and 64 bits, {@code f} and
 *     {@code d} floating-point numbers
 */
public record ModuleImport(String module, String name, String signature) {
    /** Returns {@code module.name}. */
    public String path() {
        return module + "." + name;
    }
}
