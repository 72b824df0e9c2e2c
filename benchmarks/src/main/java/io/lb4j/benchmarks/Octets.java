package io.lb4j.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** What clients and origins of benchmarks send and receive. */
final class Octets {
    /** What the body of each response has. */
    static final int OF_A_BODY = 1024;

    private Octets() {}

    /** Returns a text as it goes over the wire. */
    static ByteBuf direct(String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        return Unpooled.directBuffer(octets.length, octets.length).writeBytes(octets);
    }

    /**
     * Returns what a client was answered.
     *
     * @throws IllegalStateException if that is no response with its body
     */
    static int requireAnswer(int answered) {
        if (answered <= OF_A_BODY) {
            throw new IllegalStateException(
                    "octets: " + answered + " to the client (expected: a response of more than " + OF_A_BODY + ")");
        }
        return answered;
    }
}
