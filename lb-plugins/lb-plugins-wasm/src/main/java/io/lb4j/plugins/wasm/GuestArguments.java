package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.GuestMemory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What lies in a guest's memory, read for a host function. A range beyond the memory is {@link OutOfMemory}, which the table of functions turns into a status. */
final class GuestArguments {
    private GuestArguments() {}

    /** An address or a length of a guest's does not lie within its memory. */
    static final class OutOfMemory extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutOfMemory() {
            super("beyond the guest's memory", null, false, false);
        }
    }

    /** Octets that are no map. */
    static final class NoMap extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoMap() {
            super("no map", null, false, false);
        }
    }

    /** Reads octets, whose address and length are two arguments in a row. */
    static byte[] octets(ProxyGuest guest, long[] arguments, int index) {
        int address = (int) arguments[index];
        int length = (int) arguments[index + 1];
        GuestMemory memory = guest.memory();
        if (!memory.holds(address, length)) {
            throw new OutOfMemory();
        }
        return memory.read(address, length);
    }

    /** Reads the octets of a field's name or value: each is a character. */
    static String latin(ProxyGuest guest, long[] arguments, int index) {
        return new String(octets(guest, arguments, index), StandardCharsets.ISO_8859_1);
    }

    /** Reads a text. */
    static String text(ProxyGuest guest, long[] arguments, int index) {
        return new String(octets(guest, arguments, index), StandardCharsets.UTF_8);
    }

    /** Reads a map. */
    static List<Pairs.Pair> pairs(ProxyGuest guest, long[] arguments, int index) {
        Optional<List<Pairs.Pair>> pairs = Pairs.read(octets(guest, arguments, index));
        return pairs.orElseThrow(NoMap::new);
    }

    /** Writes a number of 32 bits where an argument says. */
    static int put(ProxyGuest guest, long address, int value) {
        return guest.memory().writeInt((int) address, value) ? Status.OK : Status.INVALID_MEMORY_ACCESS;
    }

    /** Makes sure, before anything is done, that a number can be written. */
    static void requirePlace(ProxyGuest guest, long address) {
        if (!guest.memory().holds((int) address, Integer.BYTES)) {
            throw new OutOfMemory();
        }
    }
}
