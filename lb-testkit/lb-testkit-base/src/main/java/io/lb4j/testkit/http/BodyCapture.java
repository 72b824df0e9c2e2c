package io.lb4j.testkit.http;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/** Takes a body as it arrives: keeps its beginning, counts and checksums the rest. Thread-safe. */
public final class BodyCapture extends OutputStream {
    private final int bound;
    private final CRC32C checksum = new CRC32C(); // guarded by this
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(); // guarded by this
    private long length; // guarded by this

    /**
     * An empty capture.
     *
     * @param bound how many bytes to keep at most
     */
    public BodyCapture(int bound) {
        this.bound = bound;
    }

    @Override
    public void write(int single) {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int count) {
        kept.write(bytes, offset, Math.min(count, bound - kept.size()));
        checksum.update(bytes, offset, count);
        length += count;
    }

    /**
     * What has arrived so far.
     *
     * @return a snapshot
     */
    public synchronized Body body() {
        return new Body(kept.toByteArray(), length, checksum.getValue());
    }

    /**
     * How many bytes have arrived so far.
     *
     * @return in bytes
     */
    public synchronized long length() {
        return length;
    }
}
