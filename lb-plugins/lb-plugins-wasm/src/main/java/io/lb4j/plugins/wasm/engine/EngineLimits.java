package io.lb4j.plugins.wasm.engine;

import java.time.Duration;

/**
 * What a guest may use. Immutable.
 *
 * @param moduleOctets octets of a module
 * @param memoryOctets octets of one instance's memory; rounded up to pages of 64 KiB
 * @param callTime time of the processor for one call
 * @param startTime time of the processor for making an instance and configuring it
 * @param compileTime time of the processor for compiling a module
 * @param interpretsOversized whether functions that do not fit into a method of this machine's are interpreted, instead of being a reason to refuse the module
 */
public record EngineLimits(
        long moduleOctets,
        long memoryOctets,
        Duration callTime,
        Duration startTime,
        Duration compileTime,
        boolean interpretsOversized) {
    private static final int PAGE = 65_536;

    int memoryPages() {
        return (int) Math.min((memoryOctets + PAGE - 1) / PAGE, Integer.MAX_VALUE / PAGE);
    }
}
