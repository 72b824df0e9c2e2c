package io.lb4j.testkit.http;

import io.lb4j.testkit.net.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The writing half of a scripted connection. Keeps the last byte back until {@link #finish}, so that what arrives before
 * then has provably arrived before the response was finished. Breaks off where the answer's {@link Cut} says.
 */
final class ResponseOutput extends OutputStream {
    private final Wire wire;
    private final byte[] buffer = new byte[16 * 1024];
    private int held;
    private long position;
    private Optional<Cut> cut = Optional.empty();

    ResponseOutput(Wire wire) {
        this.wire = wire;
    }

    /** Counts from here for the cut of the next answer. */
    void cutAt(Optional<Cut> where) throws IOException {
        cut = where;
        position = 0;
        if (where.isPresent() && where.get().position() == 0) {
            breakOff(where.get());
        }
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        if (cut.isPresent() && position + count > cut.get().position()) {
            hold(bytes, offset, (int) (cut.get().position() - position));
            breakOff(cut.get());
        }
        hold(bytes, offset, count);
    }

    @Override
    public void flush() throws IOException {
        wire.output().write(buffer, 0, held);
        held = 0;
    }

    /** Sends what was kept back. */
    void finish() throws IOException {
        flush();
        if (cut.isPresent()) {
            Cut missed = cut.get();
            cut = Optional.empty();
            if (missed.position() > position) {
                throw new IllegalStateException("cut: at byte " + missed.position() + " (expected: <= " + position
                        + ", the length of the answer)");
            }
            throw new ConnectionEnd(missed.kind());
        }
    }

    private void hold(byte[] bytes, int offset, int count) throws IOException {
        int done = 0;
        while (done < count) {
            if (held == buffer.length) {
                flush();
            }
            int copied = Math.min(count - done, buffer.length - held);
            System.arraycopy(bytes, offset + done, buffer, held, copied);
            held += copied;
            done += copied;
        }
        position += count;
    }

    private void breakOff(Cut where) throws IOException {
        cut = Optional.empty();
        flush();
        throw new ConnectionEnd(where.kind());
    }
}
