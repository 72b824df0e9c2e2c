package io.lb4j.benchmarks;

import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.spi.ClientStream;
import io.netty.buffer.ByteBuf;

/** A stream on which nothing is said, and that ends when it is told to. */
final class SilentStream implements ClientStream {
    private final Runnable onEnd;

    SilentStream(Runnable onEnd) {
        this.onEnd = onEnd;
    }

    void end() {
        onEnd.run();
    }

    @Override
    public void writeHead(RequestHead head, boolean end) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void writeData(ByteBuf data, boolean end) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void writeTrailers(Fields trailers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void reset(ResetCode code) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void pauseReading() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resumeReading() {
        throw new UnsupportedOperationException();
    }
}
