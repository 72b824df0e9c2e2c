package io.lb4j.it.streaming;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lb4j.testkit.net.Wire;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** An exchange over HTTP/1.1, from either end. */
final class H1Line extends Line {
    private static final int CLOSED = -1;

    private final Wire wire;
    private final InputStream in;
    private boolean awaitsHead; // whether the head of what is read is yet to come
    private boolean headIsDue; // whether the head of what is written is yet to go
    private boolean writesChunks;
    private boolean readsChunks;
    private boolean readToEnd;
    private long left; // of the body, or of the chunk

    private H1Line(Wire wire, InputStream in) {
        this.wire = wire;
        this.in = in;
    }

    /**
     * Asks for a path, with a body.
     *
     * @param length of the body; negative sends it in chunks
     */
    static H1Line ask(Wire wire, String path, long length) throws IOException {
        H1Line line = new H1Line(wire, new BufferedInputStream(wire.input(), 64 * 1024));
        line.awaitsHead = true;
        line.writesChunks = length < 0;
        String framing = length < 0 ? "transfer-encoding: chunked" : "content-length: " + length;
        line.send("PUT " + path + " HTTP/1.1\r\nhost: localhost\r\n" + framing + "\r\n\r\n");
        return line;
    }

    /** Takes the next request off a connection; what is answered goes in chunks. */
    static H1Line take(Wire wire, InputStream in) throws IOException {
        String head = readHead(in);
        H1Line line = new H1Line(wire, in);
        line.headIsDue = true;
        line.writesChunks = true;
        line.learnFraming(head);
        return line;
    }

    @Override
    void write(byte[] octets, int offset, int count) throws IOException {
        sendHead();
        if (writesChunks) {
            send(Integer.toHexString(count) + "\r\n");
        }
        wire.output().write(octets, offset, count);
        if (writesChunks) {
            send("\r\n");
        }
    }

    @Override
    void end() throws IOException {
        sendHead();
        if (writesChunks) {
            send("0\r\n\r\n");
        }
    }

    @Override
    int read(byte[] target) throws IOException {
        if (awaitsHead) {
            awaitsHead = false;
            String head = readHead(in);
            if (!head.startsWith("HTTP/1.1 200 ")) {
                throw new IOException("head: " + head + " (expected: 200)");
            }
            learnFraming(head);
        }
        if (left == 0 && readsChunks && !readToEnd) {
            left = Long.parseLong(readLine(in), 16);
            readToEnd = left == 0;
            if (readToEnd) {
                readLine(in);
            }
        }
        if (left == 0) {
            return CLOSED;
        }
        int count = in.read(target, 0, (int) Math.min(target.length, left));
        if (count < 0) {
            throw new EOFException("connection: closed within the body, " + left + " octets too early");
        }
        left -= count;
        if (left == 0 && readsChunks) {
            readLine(in);
        }
        return count;
    }

    private void sendHead() throws IOException {
        if (headIsDue) {
            headIsDue = false;
            send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        }
    }

    private void send(String text) throws IOException {
        wire.output().write(text.getBytes(ISO_8859_1));
    }

    private void learnFraming(String head) {
        readsChunks = head.toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding: chunked\r\n");
        int at = head.toLowerCase(Locale.ROOT).indexOf("\r\ncontent-length: ");
        left = at < 0 ? 0 : Long.parseLong(head.substring(at + 18, head.indexOf("\r\n", at + 18)));
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (String next = readLine(in); !next.isEmpty(); next = readLine(in)) {
            head.append(next).append("\r\n");
        }
        return head.toString();
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("connection: closed after " + text);
            }
            if (octet != '\r') {
                text.append((char) octet);
            }
        }
        return text.toString();
    }
}
