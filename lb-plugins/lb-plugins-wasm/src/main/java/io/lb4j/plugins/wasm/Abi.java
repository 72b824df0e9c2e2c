package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.CompiledModule;
import io.lb4j.plugins.wasm.engine.UnfitModuleException;

/** What a module may be made for. */
enum Abi {
    /** proxy-wasm 0.2.0 and 0.2.1, and Higress's 0.2.100. */
    PROXY("proxy-wasm") {
        @Override
        LoopGuest start(CompiledModule module, PluginFacilities facilities) {
            return ProxyGuest.start(module, facilities);
        }
    },
    /** The HTTP handler of http-wasm. */
    HANDLER("http-wasm") {
        @Override
        LoopGuest start(CompiledModule module, PluginFacilities facilities) {
            return HandlerGuest.start(module, facilities);
        }
    };

    private final String publicName;

    Abi(String publicName) {
        this.publicName = publicName;
    }

    /** Returns what it is called by those who write plugins. */
    String publicName() {
        return publicName;
    }

    /**
     * Returns what a module is made for.
     *
     * @throws UnfitModuleException if that is not known, or the module does not keep to it
     */
    static Abi of(CompiledModule module) throws UnfitModuleException {
        if (ProxyAbi.isMeantBy(module)) {
            ProxyAbi.check(module);
            return PROXY;
        }
        if (HandlerAbi.isMeantBy(module)) {
            HandlerAbi.check(module);
            return HANDLER;
        }
        String found =
                module.signature("proxy_abi_version_0_1_0").isPresent() ? "proxy-wasm 0.1.0" : "none that is known";
        throw new UnfitModuleException(
                "ABI: " + found + " (expected: proxy_abi_version_0_2_1 or _0_2_0 exported, or handle_request)");
    }

    /**
     * Makes an instance.
     *
     * @throws io.lb4j.plugins.wasm.engine.GuestFault if it faults, or says that it cannot work so
     */
    abstract LoopGuest start(CompiledModule module, PluginFacilities facilities);
}
