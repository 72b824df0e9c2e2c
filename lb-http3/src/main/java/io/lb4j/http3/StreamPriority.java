package io.lb4j.http3;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.netty.handler.codec.quic.QuicStreamChannel;
import org.jspecify.annotations.Nullable;

/** The priority that a response is sent by, as those speak of it who have a say (RFC 9218 §7, §8). Confined to the event loop. */
final class StreamPriority {
    private final QuicStreamChannel channel;
    private Priority priority = Priority.UNSAID;
    private boolean updated;

    StreamPriority(QuicStreamChannel channel) {
        this.channel = channel;
    }

    /**
     * The request has come.
     *
     * @param early what the client has said of it before; null for nothing
     */
    void onRequest(Fields fields, @Nullable Priority early) {
        if (early != null) {
            onUpdate(early);
        } else if (!updated) { // RFC 9218 §7: an update counts for more than the field, whichever comes first
            adopt(Priority.of(fields, priority));
        }
    }

    /** The client has said anew how urgent it is. */
    void onUpdate(Priority said) {
        updated = true;
        adopt(said);
    }

    /** The response has come: the endpoint knows better. */
    void onResponse(Fields fields) {
        if (fields.contains(FieldName.PRIORITY)) {
            adopt(Priority.of(fields, priority));
        }
    }

    private void adopt(Priority next) {
        priority = next;
        channel.updatePriority(next.forQuic());
    }
}
