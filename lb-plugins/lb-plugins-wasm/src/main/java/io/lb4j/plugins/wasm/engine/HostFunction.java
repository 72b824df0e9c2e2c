package io.lb4j.plugins.wasm.engine;

/** A function that guests call. Called by the guest's thread, within a call of the guest. */
@FunctionalInterface
public interface HostFunction {
    /**
     * Does what the guest asks for.
     *
     * @param arguments as wide as they may be; 32 bits come in the lower half
     * @return the result; of no account where the signature has none
     */
    long call(long[] arguments);
}
