package io.lb4j.plugins.wasm;

/** Octets that nobody writes to any more. */
final class Octets {
    static final Octets NONE = new Octets(new byte[0]);

    private final byte[] array;

    private Octets(byte[] array) {
        this.array = array;
    }

    /** Wraps an array, which is given up by the caller. */
    static Octets of(byte[] array) {
        return new Octets(array);
    }

    /** Returns the octets; to be read only. */
    byte[] array() {
        return array;
    }

    int length() {
        return array.length;
    }
}
