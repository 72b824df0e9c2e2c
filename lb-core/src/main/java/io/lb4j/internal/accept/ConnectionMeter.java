package io.lb4j.internal.accept;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.MessageSizeEstimator;

/**
 * Counts what a connection reads and writes, at two places that Netty's transports ask anyway: how large a buffer to read into, and
 * how large a message is. So counting adds no handler to the pipeline. What is written counts when it reaches the socket's queue.
 *
 * <p>The size of the buffers follows what arrives: it doubles when a buffer was filled, and halves after two events in a row that
 * would have fitted into a quarter.
 *
 * <p>Confined to the connection's event loop.
 */
final class ConnectionMeter extends DefaultMaxMessagesRecvByteBufAllocator implements MessageSizeEstimator.Handle {
    private static final int MAX_READS_PER_EVENT = 16;
    private static final int MIN_BUFFER = 1024;
    private static final int FIRST_BUFFER = 2048;
    private static final int MAX_BUFFER = 64 * 1024;
    private static final MessageSizeEstimator.Handle SIZES = DefaultMessageSizeEstimator.DEFAULT.newHandle();

    private final LoopCounts counts;
    private long bytesRead;
    private long bytesWritten;

    ConnectionMeter(LoopCounts counts) {
        super(MAX_READS_PER_EVENT);
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
    public MaxMessageHandle newHandle() {
        return new ReadHandle();
    }

    @Override
    public int size(Object message) {
        int size = SIZES.size(message);
        bytesWritten += size;
        counts.add(LoopCounts.BYTES_WRITTEN, size);
        return size;
    }

    private final class ReadHandle extends MaxMessageHandle {
        private int buffer = FIRST_BUFFER;
        private boolean wasSmall;

        @Override
        public int guess() {
            return buffer;
        }

        @Override
        public void lastBytesRead(int bytes) {
            super.lastBytesRead(bytes);
            if (bytes <= 0) {
                return;
            }
            bytesRead += bytes;
            counts.add(LoopCounts.BYTES_READ, bytes);
            if (bytes == attemptedBytesRead() && bytes >= buffer) {
                buffer = Math.min(MAX_BUFFER, buffer << 1);
                wasSmall = false;
            }
        }

        @Override
        public void readComplete() {
            boolean small = totalBytesRead() <= buffer >> 2;
            if (small && wasSmall) {
                buffer = Math.max(MIN_BUFFER, buffer >> 1);
            }
            wasSmall = small && !wasSmall;
        }
    }
}
