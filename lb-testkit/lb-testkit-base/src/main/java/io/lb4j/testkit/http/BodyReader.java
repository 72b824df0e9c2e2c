package io.lb4j.testkit.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one body off a connection, and verifies its framing to the letter (RFC 9112 §7.1). */
final class BodyReader {
    private static final int CHUNK_LINE_BOUND = 64 * 1024;
    private static final int EXTENSIONS_KEPT = 100;
    private static final Pattern CHUNK_LINE =
            Pattern.compile("([0-9a-fA-F]{1,15})((?:;[\\t\\x20-\\x7e\\x80-\\xff]*)?)\r\n");

    private final WireInput in;
    private final Framing framing;
    private final List<String> extensions = new ArrayList<>();
    private long left;
    private boolean started;
    private boolean finished;
    private Fields trailers = Fields.none();

    BodyReader(WireInput in, Framing framing) {
        this.in = in;
        this.framing = framing;
        this.left = framing.length();
    }

    /** Reads the next piece; -1 after the last byte and the trailers. */
    int read(byte[] target) throws IOException {
        if (finished) {
            return -1;
        }
        if (framing.kind() == Framing.Kind.CHUNKED && left == 0) {
            nextChunk();
        }
        if (framing.kind() != Framing.Kind.CLOSE && left == 0) {
            finished = true;
            return -1;
        }
        int wanted = framing.kind() == Framing.Kind.CLOSE ? target.length : (int) Math.min(target.length, left);
        int count = in.read(target, 0, wanted, "the body");
        if (count < 0 && framing.kind() == Framing.Kind.CLOSE) {
            finished = true;
            return -1;
        }
        if (count < 0) {
            throw new EOFException("connection closed inside the body");
        }
        left -= count;
        return count;
    }

    /** Reads all that is left. */
    void transferTo(OutputStream out) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        for (int count = read(buffer); count >= 0; count = read(buffer)) {
            out.write(buffer, 0, count);
        }
    }

    boolean isFinished() {
        return finished;
    }

    /** Whether the last byte has been read; of a chunked body this is not known before its last chunk. */
    boolean isExhausted() {
        return finished || (framing.kind() == Framing.Kind.LENGTH && left == 0);
    }

    Fields trailers() {
        return trailers;
    }

    List<String> extensions() {
        return List.copyOf(extensions);
    }

    private void nextChunk() throws IOException {
        if (started && !line(2).equals("\r\n")) {
            throw new MalformedMessage("chunk data longer than its size", "");
        }
        started = true;
        String line = line(CHUNK_LINE_BOUND);
        Matcher parts = CHUNK_LINE.matcher(line);
        if (!parts.matches()) {
            throw new MalformedMessage("chunk size", line);
        }
        if (!parts.group(2).isEmpty() && extensions.size() < EXTENSIONS_KEPT) {
            extensions.add(parts.group(2));
        }
        left = Long.parseLong(parts.group(1), 16);
        if (left == 0) {
            trailers = new HeadReader(in).fields();
        }
    }

    private String line(int bound) throws IOException {
        return new String(in.readUntil("\n", bound), StandardCharsets.ISO_8859_1);
    }
}
