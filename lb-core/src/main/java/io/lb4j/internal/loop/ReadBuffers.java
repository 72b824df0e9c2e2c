package io.lb4j.internal.loop;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Says how large a buffer a connection reads into: twice as large once one was filled, and half as large after two events in a row that would have fitted
 * into a quarter.
 *
 * <p>The largest takes a whole TLS record (RFC 8446 §5.2), and is the largest size class of Netty's adaptive allocator. Bodies through buffers of twice and four times that size were
 * measured to cost a third more.
 *
 * <p>Immutable; the handles that it makes are confined to their connection's event loop.
 */
public class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int MAX_READS_PER_EVENT = 16;
    private static final int MIN_BUFFER = 1024;
    private static final int FIRST_BUFFER = 2048;
    private static final int MAX_BUFFER = 16 * 1024 + 512;

    /** Makes one for any number of connections. */
    public ReadBuffers() {
        super(MAX_READS_PER_EVENT);
    }

    /** Is told how many octets have been read. */
    protected void onRead(int octets) {}

    @Override
    public final MaxMessageHandle newHandle() {
        return new ReadHandle();
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
            onRead(bytes);
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
