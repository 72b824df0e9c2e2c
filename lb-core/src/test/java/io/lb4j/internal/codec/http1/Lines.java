package io.lb4j.internal.codec.http1;

/** Messages as they are on the wire, written with plain line ends. */
final class Lines {
    private Lines() {}

    /** Returns the text with each LF made CRLF. */
    static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }
}
