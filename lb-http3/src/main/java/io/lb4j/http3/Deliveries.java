package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicChannel;
import java.util.Arrays;

/**
 * Responses that are whole and of which the client may not have all yet: quiche holds what it has taken and not sent, or sent and not seen acknowledged. It lets go of a stream once the client has
 * acknowledged all of it, and is asked for that. Confined to the event loop.
 */
final class Deliveries {
    private static final int FIRST_ROOM = 8;

    /** With so many they are looked through, so that only those are kept that are on their way. */
    private static final int MANY = 64;

    private final QuicChannel channel;
    private long[] streams = new long[FIRST_ROOM];
    private int size;
    private int nextLook = MANY;

    Deliveries(QuicChannel channel) {
        this.channel = channel;
    }

    /** All of a response was handed to quiche, and all of its request has come. */
    void add(long streamId) {
        if (size >= nextLook) {
            lookThrough();
            nextLook = Math.max(MANY, 2 * size);
        }
        if (size == streams.length) {
            streams = Arrays.copyOf(streams, 2 * size);
        }
        streams[size++] = streamId;
    }

    /** Returns whether clients have all of them; also where quiche cannot be asked. */
    boolean areOver() {
        lookThrough();
        return size == 0;
    }

    private void lookThrough() {
        int left = 0;
        for (int i = 0; i < size; i++) {
            if (StoppedStreams.isKept(channel, streams[i])) {
                streams[left++] = streams[i];
            }
        }
        size = left;
    }
}
