package io.lb4j.testkit.http;

import io.lb4j.testkit.net.Wire;
import io.lb4j.testkit.net.WireFailure;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * The reading half of a connection, with the few questions that HTTP/1.1 asks of it. Confined to one thread at a
 * time. Waits that take too long fail with {@link WireFailure}; the end of the stream is an {@link EOFException}, a reset
 * the {@link IOException} that the socket throws.
 */
final class WireInput {
    private static final Duration PEEK = Duration.ofMillis(1);

    private final Wire wire;
    private final byte[] buffer = new byte[16 * 1024];
    private int position;
    private int limit;
    private boolean ended;

    WireInput(Wire wire) {
        this.wire = wire;
    }

    /** Reads one byte; -1 at the end of the stream. */
    int read(String awaited) throws IOException {
        return fill(awaited) ? buffer[position++] & 0xff : -1;
    }

    /** Reads what is there, at least one byte; -1 at the end of the stream. */
    int read(byte[] target, int offset, int count, String awaited) throws IOException {
        if (!fill(awaited)) {
            return -1;
        }
        int copied = Math.min(count, limit - position);
        System.arraycopy(buffer, position, target, offset, copied);
        position += copied;
        return copied;
    }

    /** Reads up to and including the delimiter, at most {@code bound} bytes. */
    byte[] readUntil(String delimiter, int bound) throws IOException {
        byte[] wanted = delimiter.getBytes(StandardCharsets.ISO_8859_1);
        Seen seen = new Seen();
        String awaited = WireFailure.printable(wanted);
        while (!seen.endsWith(wanted)) {
            int next = readInto(seen, awaited);
            if (next < 0) {
                throw new Truncated("connection closed while " + awaited + " was awaited", seen.toByteArray());
            }
            if (seen.size() >= bound) {
                throw new WireFailure("no " + awaited + " within " + bound + " bytes", seen.toByteArray());
            }
            seen.write(next);
        }
        return seen.toByteArray();
    }

    /** Whether a byte beyond those read is there now, without waiting longer than a millisecond. */
    boolean hasMore() throws IOException {
        // With TLS what waits may be an alert or half a record: only a read tells.
        return position < limit || (wire.hasBytesWaiting() && peek(PEEK) == Peek.BYTES);
    }

    /** Waits for the next byte, and leaves it unread. */
    Peek peek(Duration patience) throws IOException {
        if (position < limit) {
            return Peek.BYTES;
        }
        Duration timeout = wire.readTimeout();
        wire.readTimeout(patience);
        try {
            return fillBuffer() ? Peek.BYTES : Peek.END;
        } catch (SocketTimeoutException e) {
            return Peek.NOTHING;
        } finally {
            wire.readTimeout(timeout);
        }
    }

    /** What has been received and not been read yet. */
    byte[] buffered() {
        return Arrays.copyOfRange(buffer, position, limit);
    }

    private int readInto(Seen seen, String awaited) throws IOException {
        try {
            return read(awaited);
        } catch (WireFailure e) {
            throw seen.size() == 0 ? e : new WireFailure(String.valueOf(e.getMessage()), seen.toByteArray());
        }
    }

    private boolean fill(String awaited) throws IOException {
        if (position < limit) {
            return true;
        }
        try {
            return fillBuffer();
        } catch (SocketTimeoutException e) {
            throw new WireFailure("nothing received for " + wire.readTimeout() + " while awaiting " + awaited, e);
        }
    }

    private boolean fillBuffer() throws IOException {
        if (ended) {
            // A TLS socket that has met its end throws when it is read again.
            return false;
        }
        int count = wire.input().read(buffer, 0, buffer.length);
        position = 0;
        limit = Math.max(count, 0);
        ended = count < 0;
        return count > 0;
    }

    /** What {@link #peek} met. */
    enum Peek {
        BYTES,
        END,
        NOTHING
    }

    /** The stream ended in the middle of something; carries what had come of it. */
    static final class Truncated extends EOFException {
        private static final long serialVersionUID = 1L;
        private final byte[] received;

        Truncated(String message, byte[] received) {
            super(message);
            this.received = received;
        }

        byte[] received() {
            return received;
        }
    }

    private static final class Seen extends ByteArrayOutputStream {
        boolean endsWith(byte[] wanted) {
            if (count < wanted.length) {
                return false;
            }
            for (int i = 0; i < wanted.length; i++) {
                if (buf[count - wanted.length + i] != wanted[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
