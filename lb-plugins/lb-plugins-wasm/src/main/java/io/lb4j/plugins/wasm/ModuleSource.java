package io.lb4j.plugins.wasm;

import java.io.IOException;
import java.util.Optional;

/**
 * Where a module comes from: a file, a server, a registry. A part of kind {@value #PART_KIND}. Its methods may block, and are called by one thread at a time.
 */
public interface ModuleSource {
    /** The kind of part that a source is, for {@link io.lb4j.config.PartFactory#kind()}. */
    String PART_KIND = "wasm_source";

    /**
     * Fetches the module, if it may be another one than the last time.
     *
     * @param maxOctets octets that a module may have
     * @return the module; empty if it is surely the one that was returned last
     * @throws IOException if it cannot be had, is larger, or is not what it should be
     */
    Optional<byte[]> fetch(long maxOctets) throws IOException;

    /**
     * Judges what the module that was fetched last is about to be run with. By default all is well.
     *
     * @throws IOException with a word on what is not, if whoever has made the module says that it cannot work so
     */
    default void requireFit(ModuleUse use) throws IOException {}

    /**
     * Returns what is wrong with getting the module, though what was fetched last can go on: it could not be asked whether there is another one, say. By default nothing is. Called
     * after {@link #fetch} has returned.
     */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /** Ends what the source holds, when the plugin has ended; once more does nothing. By default there is nothing to do. */
    default void close() {}
}
