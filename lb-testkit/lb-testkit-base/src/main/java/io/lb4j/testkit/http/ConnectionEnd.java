package io.lb4j.testkit.http;

import java.io.IOException;

/** Thrown by a script to end its connection; not a failure. */
final class ConnectionEnd extends IOException {
    private static final long serialVersionUID = 1L;
    private final Cut.Kind kind;

    ConnectionEnd(Cut.Kind kind) {
        super("the script ends the connection");
        this.kind = kind;
    }

    Cut.Kind kind() {
        return kind;
    }
}
