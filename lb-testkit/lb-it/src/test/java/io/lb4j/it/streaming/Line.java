package io.lb4j.it.streaming;

import io.lb4j.testkit.http.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/**
 * One exchange as a peer of the balancer has it in hands: the body that it writes, and the one that it reads, without keeping any. One thread
 * may write while another reads.
 */
abstract class Line {
    private final AtomicLong written = new AtomicLong();

    /** Sends a piece of the body; waits where the other side takes no more. */
    abstract void write(byte[] octets, int offset, int count) throws IOException;

    /** Ends the body. */
    abstract void end() throws IOException;

    /** Receives a piece of the body, waiting for it; returns how many octets that were, or -1 at the end. */
    abstract int read(byte[] target) throws IOException;

    /** Returns how much of a {@link Payload} was sent. */
    final long written() {
        return written.get();
    }

    /** Sends that much of {@link Payload}. */
    final void writePayload(long length) throws IOException {
        Payload.write(length, new OutputStream() {
            @Override
            public void write(int single) throws IOException {
                Line.this.write(new byte[] {(byte) single}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int offset, int count) throws IOException {
                Line.this.write(octets, offset, count);
                written.addAndGet(count);
            }
        });
    }

    /** Receives the rest of the body. */
    final Received readAll() throws IOException {
        return readAll(length -> {});
    }

    /**
     * Receives the rest of the body.
     *
     * @param pace is told how much has come, and may take its time
     */
    final Received readAll(LongConsumer pace) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        CRC32C checksum = new CRC32C();
        long length = 0;
        for (int count = read(buffer); count >= 0; count = read(buffer)) {
            checksum.update(buffer, 0, count);
            length += count;
            pace.accept(length);
        }
        return new Received(length, checksum.getValue());
    }

    /** What a body was, of which nothing is kept. */
    record Received(long length, long crc32c) {
        /** Returns what a whole body of {@link Payload} is. */
        static Received payload(long length) {
            return new Received(length, Payload.crc32c(length));
        }
    }
}
