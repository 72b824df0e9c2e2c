package io.lb4j.internal.proxy;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Outcome;
import io.lb4j.internal.upstream.LoopPools;
import io.lb4j.internal.upstream.StreamRequest;
import io.lb4j.spi.ClientStream;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One try of a plugin's call at one endpoint, with the endpoint's books. Confined to the call's event loop. */
final class CallTry implements StreamRequest {
    private final OutgoingCall call;
    private final EndpointState endpoint;
    private final LoopPools pools;
    private final long startNanos = System.nanoTime();
    private @Nullable ClientStream stream;
    private long latencyNanos; // until the response began; 0 before
    private boolean waiting = true;
    private boolean over;

    CallTry(OutgoingCall call, EndpointState endpoint, LoopPools pools) {
        this.call = call;
        this.endpoint = endpoint;
        this.pools = pools;
        endpoint.begin();
    }

    EndpointState endpoint() {
        return endpoint;
    }

    @Nullable ClientStream stream() {
        return stream;
    }

    /** Gives the try up. */
    void abandon(ResetCode code, Outcome outcome) {
        if (over) {
            return;
        }
        end(outcome);
        if (stream != null) {
            stream.reset(code);
        } else if (waiting) {
            pools.cancel(endpoint, this);
        }
    }

    void complete(Outcome outcome) {
        if (!over) {
            end(outcome);
        }
    }

    private void end(Outcome outcome) {
        over = true;
        endpoint.end(outcome, latencyNanos > 0 ? latencyNanos : System.nanoTime() - startNanos);
    }

    private void fail(ProxyException failure) {
        if (!over) {
            end(Attempt.outcomeOf(failure));
            call.tryFailed(failure);
        }
    }

    @Override
    public void onStream(ClientStream opened, Version version, boolean isReused) {
        waiting = false;
        stream = opened;
        if (over) {
            opened.reset(ResetCode.CANCEL);
            return;
        }
        call.tryReady(opened);
    }

    @Override
    public void onUnavailable(ProxyException reason) {
        waiting = false;
        fail(reason);
    }

    @Override
    public void onInformational(ResponseHead head) {
        if (!over) {
            call.informational(head);
        }
    }

    @Override
    public void onHead(ResponseHead head, boolean end) {
        if (!over) {
            latencyNanos = System.nanoTime() - startNanos;
            call.responseHead(head, end);
        }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        if (over) {
            data.release();
            return;
        }
        call.responseData(data, end);
    }

    @Override
    public void onTrailers(Fields trailers) {
        if (!over) {
            call.responseTrailers(trailers);
        }
    }

    @Override
    public void onFailure(ProxyException failure) {
        fail(failure);
    }

    @Override
    public void onWritable() {
        if (!over) {
            call.writable();
        }
    }
}
