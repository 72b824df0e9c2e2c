package io.lb4j.plugins.wasm.engine;

/** A guest asks to end its process: what {@code proc_exit} throws through the guest. */
public final class GuestExit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    /** Creates the wish to end. */
    public GuestExit(int code) {
        super("exit: " + code, null, false, false);
        this.code = code;
    }

    /** Returns the code that the guest has given. */
    public int code() {
        return code;
    }
}
