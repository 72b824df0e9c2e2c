package io.lb4j.plugins.wasm;

/**
 * A function that guests call. Immutable.
 *
 * @param module the name space
 * @param name the name in it
 * @param signature as in {@link io.lb4j.plugins.wasm.engine.ModuleImport}
 * @param body what it does
 * @param <H> what it works on
 */
record HostCall<H extends GuestHost>(String module, String name, String signature, Body<? super H> body) {
    /** What a function does. */
    @FunctionalInterface
    interface Body<H> {
        /** Does what a guest asks for; returns the result, of no account where there is none. */
        long call(H guest, long[] arguments);
    }

    /** Returns the name with its name space. */
    String path() {
        return module + "." + name;
    }

    /** Names a function of proxy-wasm, which all have a status. */
    static HostCall<ProxyGuest> proxy(String name, String parameters, Body<ProxyGuest> body) {
        return new HostCall<>("env", "proxy_" + name, parameters + ">i", body);
    }
}
