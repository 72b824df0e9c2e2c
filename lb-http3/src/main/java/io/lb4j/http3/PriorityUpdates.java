package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.nio.charset.StandardCharsets;

/**
 * What a client says of its requests' priority on the control stream (RFC 9218 §7.2): of those that are open, and of those that have not come yet. Confined to the
 * event loop.
 */
final class PriorityUpdates {
    /** The type of the frames that speak of requests. */
    static final long OF_REQUESTS = 0xf0700;

    /** The type of the frames that speak of pushes. */
    static final long OF_PUSHES = 0xf0701;

    /** More that come early are forgotten: they are hints. */
    private static final int MOST_EARLY = 100;

    private static final int LONGEST_OCTETS = 256;

    private final Http3ServerConnection connection;
    private final Farewell farewell;
    private final LongObjectMap<Priority> early = new LongObjectHashMap<>();

    PriorityUpdates(Http3ServerConnection connection, Farewell farewell) {
        this.connection = connection;
        this.farewell = farewell;
    }

    /** Reads a frame that speaks of a request. */
    void onFrame(ByteBuf payload) {
        long streamId = Varints.read(payload);
        if (streamId < 0 || streamId % 4 != 0) { // not one of a request
            connection.earlyEnd().forFault(Http3ErrorCode.H3_ID_ERROR);
            return;
        }
        Priority priority = read(payload);
        if (!farewell.hasSeen(streamId)) {
            keep(streamId, priority);
            return;
        }
        for (Http3ServerStream stream : connection.streams()) {
            if (stream.channel().streamId() == streamId) {
                stream.priority().onUpdate(priority);
            }
        }
    }

    /** Reads what a frame says, behind its id. */
    static Priority read(ByteBuf payload) {
        int octets = Math.min(LONGEST_OCTETS, payload.readableBytes());
        return Priority.parse(payload.toString(payload.readerIndex(), octets, StandardCharsets.US_ASCII));
    }

    private void keep(long streamId, Priority priority) {
        if (early.size() < MOST_EARLY || early.containsKey(streamId)) {
            early.put(streamId, priority);
        }
    }

    /** A request has come. */
    void onRequest(Http3ServerStream stream) {
        Priority said = early.remove(stream.channel().streamId());
        stream.priority().onRequest(stream.head().fields(), said);
    }
}
