package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.CompiledModule;
import io.lb4j.plugins.wasm.engine.UnfitModuleException;
import java.util.List;

/** The HTTP handler ABI of http-wasm: which functions there are, and whether a module is made for them. */
final class HandlerAbi {
    static final String REQUEST = "handle_request";
    static final String REQUEST_SIGNATURE = ">j";
    static final String RESPONSE = "handle_response";
    static final String RESPONSE_SIGNATURE = "ii>";
    static final HostTable<HandlerGuest> FUNCTIONS =
            new HostTable<>("http-wasm and WASI", List.of(HandlerCalls.ALL, WasiCalls.ALL));

    private HandlerAbi() {}

    /** Returns whether a module is made for http-wasm. */
    static boolean isMeantBy(CompiledModule module) {
        return module.signature(REQUEST).isPresent();
    }

    /**
     * Judges a module.
     *
     * @throws UnfitModuleException if it asks for a function that there is not, or exports a callback of another type
     */
    static void check(CompiledModule module) throws UnfitModuleException {
        FUNCTIONS.check(module);
        require(module, REQUEST, REQUEST_SIGNATURE);
        require(module, RESPONSE, RESPONSE_SIGNATURE);
    }

    private static void require(CompiledModule module, String name, String signature) throws UnfitModuleException {
        String found = module.signature(name).orElse("missing");
        if (!found.equals(signature)) {
            throw new UnfitModuleException("export " + name + ": " + found + " (expected: " + signature + ")");
        }
    }
}
