package io.lb4j.plugins.wasm;

/** What host functions answer (proxy-wasm 0.2.1, {@code proxy_status_t}). */
final class Status {
    static final int OK = 0;
    static final int NOT_FOUND = 1;
    static final int BAD_ARGUMENT = 2;
    static final int SERIALIZATION_FAILURE = 3;
    static final int PARSE_FAILURE = 4;
    static final int INVALID_MEMORY_ACCESS = 6;
    static final int EMPTY = 7;
    static final int CAS_MISMATCH = 8;
    static final int INTERNAL_FAILURE = 10;
    static final int UNIMPLEMENTED = 12;

    private Status() {}
}
