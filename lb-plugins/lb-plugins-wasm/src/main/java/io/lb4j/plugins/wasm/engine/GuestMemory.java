package io.lb4j.plugins.wasm.engine;

import com.dylibso.chicory.runtime.Memory;
import org.jspecify.annotations.Nullable;

/** A guest's memory. Addresses and lengths are unsigned and come from the guest; each method says whether they lie within the memory. Confined as the guest is. */
public final class GuestMemory {
    private @Nullable Memory present; // once the guest begins to be started

    GuestMemory() {
        // It lies nowhere yet.
    }

    void lieIn(Memory memory) {
        if (present == null) {
            present = memory;
        }
    }

    private Memory memory() {
        Memory memory = present;
        if (memory == null) {
            throw new IllegalStateException("guest: not started");
        }
        return memory;
    }

    /** Returns how many octets there are. */
    public long size() {
        return (long) memory().pages() * Memory.PAGE_SIZE;
    }

    /** Returns whether a range lies within the memory. */
    public boolean holds(int address, int length) {
        return Integer.toUnsignedLong(address) + Integer.toUnsignedLong(length) <= size();
    }

    /**
     * Returns a copy of a range.
     *
     * @throws GuestFault if it does not lie within the memory
     */
    public byte[] read(int address, int length) {
        if (!holds(address, length)) {
            throw new GuestFault(GuestFault.Reason.MISCONDUCT, "guest: reaches beyond its memory");
        }
        return memory().readBytes(address, length);
    }

    /** Returns one octet; the address is known to be within the memory. */
    public byte octet(int address) {
        return memory().read(address);
    }

    /** Returns a number of 32 bits; the address is known to be within the memory. */
    public int readInt(int address) {
        return memory().readInt(address);
    }

    /** Writes a number of 32 bits. */
    public boolean writeInt(int address, int value) {
        if (!holds(address, Integer.BYTES)) {
            return false;
        }
        memory().writeI32(address, value);
        return true;
    }

    /** Writes a number of 64 bits. */
    public boolean writeLong(int address, long value) {
        if (!holds(address, Long.BYTES)) {
            return false;
        }
        memory().writeLong(address, value);
        return true;
    }

    /** Writes octets. */
    public boolean write(int address, byte[] source, int start, int length) {
        if (!holds(address, length)) {
            return false;
        }
        memory().write(address, source, start, length);
        return true;
    }
}
