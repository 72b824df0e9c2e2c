package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.CompiledModule;
import io.lb4j.plugins.wasm.engine.UnfitModuleException;
import java.util.List;

/** The ABI of proxy-wasm, 0.2.0 and 0.2.1, and of Higress's 0.2.100: which functions there are, and whether a module is made for them. */
final class ProxyAbi {
    static final int VM_CONFIGURATION = 6;
    static final int PLUGIN_CONFIGURATION = 7;
    static final HostTable<ProxyGuest> FUNCTIONS = new HostTable<>(
            "proxy-wasm 0.2.1 and WASI",
            List.of(
                    HeaderCalls.ALL,
                    BufferCalls.ALL,
                    StreamCalls.ALL,
                    BasicCalls.ALL,
                    SharedCalls.ALL,
                    NetworkCalls.ALL,
                    HigressCalls.ALL,
                    WasiCalls.ALL));

    private static final String HIGRESS_VERSION = "proxy_abi_version_0_2_100";
    private static final List<String> VERSIONS =
            List.of("proxy_abi_version_0_2_1", "proxy_abi_version_0_2_0", HIGRESS_VERSION);

    private ProxyAbi() {}

    /** Returns whether a module says that it is made for proxy-wasm. */
    static boolean isMeantBy(CompiledModule module) {
        return VERSIONS.stream().anyMatch(version -> module.signature(version).isPresent());
    }

    /** Returns whether a module is made for Higress's version, whose guests can stop a head without stopping its body. */
    static boolean isOfHigress(CompiledModule module) {
        return module.signature(HIGRESS_VERSION).isPresent();
    }

    /**
     * Judges a module.
     *
     * @throws UnfitModuleException if it asks for a function that there is not, or exports a callback of another type
     */
    static void check(CompiledModule module) throws UnfitModuleException {
        FUNCTIONS.check(module);
        for (Callback callback : Callback.values()) {
            String signature = module.signature(callback.export()).orElse(callback.signature());
            if (!signature.equals(callback.signature())) {
                throw new UnfitModuleException(
                        "export " + callback.export() + ": " + signature + " (expected: " + callback.signature() + ")");
            }
        }
    }
}
