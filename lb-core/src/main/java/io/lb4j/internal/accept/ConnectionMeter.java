package io.lb4j.internal.accept;

import io.lb4j.internal.loop.ReadBuffers;
import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.MessageSizeEstimator;

/**
 * Counts what a connection reads and writes, at two places that Netty's transports ask anyway: how large a buffer to read into, and
 * how large a message is. So counting adds no handler to the pipeline. What is written counts when it reaches the socket's queue.
 *
 * <p>Confined to the connection's event loop.
 */
final class ConnectionMeter extends ReadBuffers implements MessageSizeEstimator.Handle {
    private static final MessageSizeEstimator.Handle SIZES = DefaultMessageSizeEstimator.DEFAULT.newHandle();

    private final LoopCounts counts;
    private long bytesRead;
    private long bytesWritten;

    ConnectionMeter(LoopCounts counts) {
        this.counts = counts;
    }

    /** Returns how many octets were read from the socket. */
    long bytesRead() {
        return bytesRead;
    }

    /** Returns how many octets were handed to the socket. */
    long bytesWritten() {
        return bytesWritten;
    }

    /** Returns what to set as the channel's estimator of messages' sizes; the meter itself is its allocator of read buffers. */
    MessageSizeEstimator estimator() {
        return () -> this;
    }

    @Override
    protected void onRead(int octets) {
        bytesRead += octets;
        counts.add(LoopCounts.BYTES_READ, octets);
    }

    @Override
    public int size(Object message) {
        int size = SIZES.size(message);
        bytesWritten += size;
        counts.add(LoopCounts.BYTES_WRITTEN, size);
        return size;
    }
}
