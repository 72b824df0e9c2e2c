package io.lb4j.plugins.wasm;

import io.lb4j.config.Settings;
import io.lb4j.plugins.wasm.engine.CompiledModule;
import io.lb4j.plugins.wasm.engine.UnfitModuleException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A module that is what it has to be, and is ready to be run. Immutable.
 *
 * @param digest SHA-256 of its octets, in hexadecimal
 * @param code that it was compiled to
 * @param abi what it is made for
 */
record LoadedModule(String digest, CompiledModule code, Abi abi) {
    /**
     * Judges and compiles a module. Blocks.
     *
     * @throws IOException if it is another one than the settings want
     * @throws UnfitModuleException if it cannot be compiled, or run here
     */
    static LoadedModule of(byte[] octets, Settings settings) throws IOException, UnfitModuleException {
        String digest = digest(octets);
        Optional<String> wanted = settings.find(WasmOptions.SHA256);
        if (wanted.isPresent() && !wanted.get().equals(digest)) {
            throw new IOException("SHA-256 " + digest + " (expected: " + wanted.get() + ")");
        }
        CompiledModule code = ModuleCache.compiled(digest, octets, WasmOptions.limits(settings));
        return new LoadedModule(digest, code, Abi.of(code));
    }

    static String digest(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (every JDK has it)", e);
        }
    }
}
