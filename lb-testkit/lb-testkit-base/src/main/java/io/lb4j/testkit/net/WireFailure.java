package io.lb4j.testkit.net;

import java.nio.charset.StandardCharsets;

/**
 * The peer did not do on the wire what the test expected: it stayed silent, closed too early, or broke its protocol.
 * An {@link AssertionError}, so that test reports count it as a failure of what is under test, not of the test.
 */
public final class WireFailure extends AssertionError {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_BYTES = 512;

    /**
     * A failure with nothing received to show.
     *
     * @param message what was expected and what happened
     */
    public WireFailure(String message) {
        super(message);
    }

    /**
     * A failure that shows what had been received.
     *
     * @param message what was expected and what happened
     * @param received shown with control characters escaped, the last {@value #SHOWN_BYTES} bytes at most
     */
    public WireFailure(String message, byte[] received) {
        super(message + "; received " + received.length + " bytes: " + printable(received));
    }

    /**
     * A failure that another one led to.
     *
     * @param message what was expected and what happened
     * @param cause what was thrown below
     */
    public WireFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Bytes as text on one line: printable ASCII as it is, everything else escaped.
     *
     * @param bytes any bytes
     * @return in quotes; the last {@value #SHOWN_BYTES} bytes at most
     */
    public static String printable(byte[] bytes) {
        int from = Math.max(0, bytes.length - SHOWN_BYTES);
        StringBuilder text = new StringBuilder(from == 0 ? "\"" : "\"…");
        for (char c : new String(bytes, from, bytes.length - from, StandardCharsets.ISO_8859_1).toCharArray()) {
            switch (c) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '"', '\\' -> text.append('\\').append(c);
                default -> text.append(c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\x%02x", (int) c));
            }
        }
        return text.append('"').toString();
    }
}
