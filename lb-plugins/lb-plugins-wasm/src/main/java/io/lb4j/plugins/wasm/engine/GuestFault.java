package io.lb4j.plugins.wasm.engine;

/** A call of a guest that did not come to its end. What is left in the guest's memory is not to be trusted. */
public final class GuestFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a call ended. */
    public enum Reason {
        /** The guest has trapped, or has reached beyond its memory. */
        TRAP,
        /** It has computed for longer than it may. */
        OUT_OF_TIME,
        /** Its calls are too deep. */
        OUT_OF_STACK,
        /** It has asked to end its process. */
        EXIT,
        /** It has done what is not done: the message says what. */
        MISCONDUCT
    }

    private final Reason reason;

    /** Creates a fault of the guest's own making. */
    public GuestFault(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    GuestFault(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns why the call ended. */
    public Reason reason() {
        return reason;
    }
}
