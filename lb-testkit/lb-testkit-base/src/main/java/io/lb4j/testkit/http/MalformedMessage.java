package io.lb4j.testkit.http;

import io.lb4j.testkit.net.WireFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The peer's bytes are not the HTTP/1.1 that a strict reader accepts. */
final class MalformedMessage extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedMessage(String reason, String line) {
        super(reason + ": " + WireFailure.printable(line.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
