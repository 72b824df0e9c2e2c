package io.lb4j.internal.proxy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.ClusterClient;
import io.lb4j.spi.ClusterResponse;
import io.lb4j.spi.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** A response to a plugin's call that is handed over as a whole, up to a bound. Confined to the call's event loop. */
final class GatheredResponse implements ResponseListener {
    private final ClusterClient.Listener listener;
    private final int limit;
    private final CompositeByteBuf body = Unpooled.compositeBuffer(Integer.MAX_VALUE);
    private @Nullable OutgoingCall call; // set before it begins
    private @Nullable ResponseHead head;
    private boolean over;

    GatheredResponse(ClusterClient.Listener listener, int limit) {
        this.listener = listener;
        this.limit = limit;
    }

    void of(OutgoingCall made) {
        call = made;
    }

    @Override
    public void onInformational(ResponseHead informational) {
        // Only the final response is handed over.
    }

    @Override
    public void onHead(ResponseHead received, boolean end) {
        head = received.copy();
        if (end) {
            conclude(new Fields());
        }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        if (over) {
            data.release();
            return;
        }
        body.addComponent(true, data);
        if (body.readableBytes() > limit) {
            OutgoingCall current = call;
            onFailure(new ProxyException(Kind.MALFORMED_RESPONSE, "response: > " + limit + " octets (the limit)"));
            if (current != null) {
                current.cancel();
            }
        } else if (end) {
            conclude(new Fields());
        }
    }

    @Override
    public void onTrailers(Fields trailers) {
        conclude(trailers);
    }

    private void conclude(Fields trailers) {
        ResponseHead received = head;
        if (over || received == null) {
            return;
        }
        over = true;
        try {
            listener.onResponse(new ClusterResponse(received, body, trailers));
        } finally {
            body.release();
        }
    }

    @Override
    public void onFailure(ProxyException failure) {
        if (!over) {
            over = true;
            body.release();
            listener.onFailure(failure);
        }
    }

    /** The call was given up by its caller. */
    void forget() {
        if (!over) {
            over = true;
            body.release();
        }
    }

    @Override
    public void onWritable() {
        // The request is whole already.
    }
}
