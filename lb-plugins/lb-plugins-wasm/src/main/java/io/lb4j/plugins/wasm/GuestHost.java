package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.GuestMemory;

/** One instance as host functions of any ABI see it. Confined as the guest is. */
interface GuestHost {
    /** Returns the guest's memory. */
    GuestMemory memory();

    /** Returns what all instances have in common. */
    PluginFacilities facilities();

    /** Returns what is done once the guest's call is over. */
    Effects effects();

    /** Returns what the guest is told, and what it may do. */
    default GuestSettings settings() {
        return facilities().settings();
    }
}
