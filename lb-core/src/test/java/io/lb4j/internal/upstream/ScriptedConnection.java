package io.lb4j.internal.upstream;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.http.Version;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ResponseListener;
import io.netty.buffer.ByteBuf;

/** A connection whose streams end when the test says so. */
final class ScriptedConnection implements ClientConnection {
    private final int streams;
    private final Events events;
    private int active;
    private boolean isDraining;
    private boolean isClosed;

    ScriptedConnection(int streams, Events events) {
        this.streams = streams;
        this.events = events;
    }

    /** Ends one of its streams, after which it takes another. */
    void endStream() {
        active--;
        if (isDraining && active == 0) {
            close();
        } else {
            events.onCapacity(this);
        }
    }

    boolean isClosed() {
        return isClosed;
    }

    @Override
    public Version version() {
        return streams == 1 ? Version.HTTP_1_1 : Version.HTTP_2;
    }

    @Override
    public int capacity() {
        return isUsable() ? streams - active : 0;
    }

    @Override
    public int activeStreams() {
        return active;
    }

    @Override
    public boolean isUsable() {
        return !isDraining && !isClosed;
    }

    @Override
    public ClientStream open(ResponseListener listener) {
        active++;
        return new Stream();
    }

    @Override
    public void drain() {
        if (!isDraining) {
            isDraining = true;
            events.onDraining(this);
            if (active == 0) {
                close();
            }
        }
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            active = 0;
            events.onClosed(this, new ProxyException(Kind.DRAINED, "closed"));
        }
    }

    /** What a pool hands out and asks nothing of. */
    final class Stream implements ClientStream {
        void end() {
            endStream();
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
}
