package io.lb4j.plugins.wasm.engine;

/** A module that cannot be run here. The message says what was seen and what was expected. */
public final class UnfitModuleException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates a refusal. */
    public UnfitModuleException(String message) {
        super(message);
    }

    /** Creates a refusal that something else has brought about. */
    public UnfitModuleException(String message, Throwable cause) {
        super(message, cause);
    }
}
