package io.lb4j.internal.proxy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.loop.LoopTimer;
import io.lb4j.internal.snapshot.ClusterEntry;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Outcome;
import io.lb4j.internal.snapshot.TriedEndpoints;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ClusterCall;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.spi.ResponseListener;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A plugin's call from its request to its response. Confined to its event loop, but for {@link #cancel()}. */
final class OutgoingCall extends CallFacts implements ClusterCall {
    private static final int MAX_TRIES = 3;

    private final ClusterRequest asked;
    private final ResponseListener listener;
    private final @Nullable RequestBody body; // where there is any
    private final LoopTimer.Timeout timeout = new LoopTimer.Timeout() {
        @Override
        protected void expire() {
            abandon(Outcome.FAILURE_TIMEOUT);
            fail(new ProxyException(Kind.EXCHANGE_TIMEOUT, "call: longer than " + asked.timeout()));
        }
    };
    private @Nullable ClusterEntry entry; // once begun
    private @Nullable CallTry current;
    private @Nullable TriedEndpoints tried; // once one has failed
    private boolean requestEnded;
    private boolean paused;
    private boolean ended;

    OutgoingCall(LoopRuntime runtime, ClusterRequest asked, ResponseListener listener) {
        super(runtime, asked.head(), asked.cluster());
        this.asked = asked;
        this.listener = listener;
        boolean whole = asked.body().isReadable();
        this.requestEnded = !asked.isStreamed();
        // A whole body is kept so that it can be sent again; a streamed one goes by once.
        this.body = whole || asked.isStreamed()
                ? new RequestBody(whole ? asked.body().readableBytes() : 0)
                : null;
        this.requestBytes = asked.body().readableBytes();
    }

    void begin() {
        if (ended) {
            asked.body().release(); // cancelled before it began
            return;
        }
        if (body != null && asked.body().isReadable()) {
            request.fields()
                    .set(FieldName.CONTENT_LENGTH, Integer.toString(asked.body().readableBytes()));
            body.add(asked.body(), true);
        } else {
            asked.body().release();
        }
        HopByHop.strip(request.fields());
        ClusterEntry found = runtime.snapshots().current().clusters().get(asked.cluster());
        if (found == null) {
            fail(new ProxyException(
                    Kind.NO_ENDPOINT, "cluster: " + asked.cluster() + " (expected: in the configuration)"));
            return;
        }
        entry = found;
        found.traffic().began(runtime.loop().index());
        runtime.loop().timer().set(timeout, asked.timeout().toNanos());
        next(found);
    }

    private void next(ClusterEntry chosen) {
        EndpointState picked = chosen.all().pick(this, tried);
        if (picked == null) {
            fail(new ProxyException(Kind.NO_ENDPOINT, "cluster: " + chosen.name() + " has no endpoint to use"));
            return;
        }
        tries++;
        endpoint = picked;
        picked.traffic().began(runtime.loop().index());
        CallTry attempt = new CallTry(this, picked, runtime.pools());
        current = attempt;
        runtime.pools().acquire(chosen.upstream(), picked, attempt);
    }

    // ---- the try ----

    void tryReady(ClientStream stream) {
        if (request.authority().isEmpty()) {
            endpoint().ifPresent(chosen -> request.authority(chosen.address()));
        }
        stream.writeHead(request, body == null);
        if (ended) {
            return;
        }
        if (paused) {
            stream.pauseReading();
        }
        if (body != null) {
            body.writeTo(stream);
            writable();
        }
    }

    void tryFailed(ProxyException reason) {
        CallTry failed = current;
        ClusterEntry chosen = entry;
        boolean mayRetry = reason.isUnprocessed() && response == null && tries < MAX_TRIES;
        if (ended || failed == null || chosen == null || !mayRetry || (body != null && !body.rewind())) {
            fail(reason);
            return;
        }
        failed.endpoint().traffic().triedInVain(runtime.loop().index(), reason.kind());
        if (tried == null) {
            tried = new TriedEndpoints();
        }
        tried.add(failed.endpoint());
        current = null;
        next(chosen);
    }

    void informational(ResponseHead head) {
        guarded(() -> listener.onInformational(head));
    }

    void responseHead(ResponseHead head, boolean end) {
        response = head;
        firstByteNanos = System.nanoTime() - startNanos();
        HopByHop.strip(head.fields());
        if (body != null) {
            body.stopKeeping();
        }
        if (end) {
            settle();
        }
        guarded(() -> listener.onHead(head, end));
    }

    void responseData(ByteBuf data, boolean end) {
        responseBytes += data.readableBytes();
        if (end) {
            settle();
        }
        guarded(() -> listener.onData(data, end));
    }

    void responseTrailers(Fields trailers) {
        settle();
        guarded(() -> listener.onTrailers(trailers));
    }

    void writable() {
        if (!ended && isWritable()) {
            guarded(listener::onWritable);
        }
    }

    /** Tells the listener; one that throws hears no more. */
    private void guarded(Runnable told) {
        try {
            told.run();
        } catch (RuntimeException fault) {
            Faults.log(this, fault);
            cancelOnLoop();
        }
    }

    // ---- the end ----

    /** The response is whole. */
    private void settle() {
        int status = status();
        boolean failed = status == 502 || status == 503 || status == 504;
        Outcome outcome = failed ? Outcome.FAILURE_STATUS : Outcome.SUCCESS;
        CallTry attempt = current;
        if (attempt != null && requestEnded) {
            attempt.complete(outcome);
        } else {
            abandon(outcome); // answered early: the rest of the request is not wanted
        }
        end();
    }

    private void fail(ProxyException reason) {
        if (!ended) {
            failure = reason;
            end();
            guarded(() -> listener.onFailure(reason));
        }
    }

    private void abandon(Outcome outcome) {
        if (current != null) {
            current.abandon(ResetCode.CANCEL, outcome);
        }
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        runtime.loop().timer().cancel(timeout);
        if (body != null) {
            body.release();
        }
        durationNanos = System.nanoTime() - startNanos();
        int loop = runtime.loop().index();
        if (entry != null) {
            entry.traffic().ended(loop, this);
        }
        if (current != null) {
            current.endpoint().traffic().ended(loop, this);
        }
    }

    // ---- what the caller does ----

    @Override
    public void write(ByteBuf data, boolean end) {
        if (ended || body == null || requestEnded) {
            data.release();
            return;
        }
        requestEnded = end;
        requestBytes += data.readableBytes();
        body.add(data, end);
        writeOn(body);
    }

    @Override
    public void writeTrailers(Fields trailers) {
        if (!ended && body != null && !requestEnded) {
            requestEnded = true;
            body.end(trailers);
            writeOn(body);
        }
    }

    private void writeOn(RequestBody pending) {
        ClientStream stream = current == null ? null : current.stream();
        if (stream != null) {
            pending.writeTo(stream);
        }
    }

    @Override
    public boolean isWritable() {
        ClientStream stream = current == null ? null : current.stream();
        return !ended && stream != null && stream.isWritable();
    }

    @Override
    public void pauseReading() {
        paused = true;
        ClientStream stream = current == null ? null : current.stream();
        if (!ended && stream != null) {
            stream.pauseReading();
        }
    }

    @Override
    public void resumeReading() {
        paused = false;
        ClientStream stream = current == null ? null : current.stream();
        if (!ended && stream != null) {
            stream.resumeReading();
        }
    }

    @Override
    public void cancel() {
        if (eventLoop().inEventLoop()) {
            cancelOnLoop();
            return;
        }
        try {
            eventLoop().execute(this::cancelOnLoop);
        } catch (RejectedExecutionException e) {
            Faults.log(this, e); // the loop has ended, and the call with it
        }
    }

    private void cancelOnLoop() {
        if (ended) {
            return;
        }
        abandon(Outcome.CANCELLED);
        end();
        if (listener instanceof GatheredResponse gathered) {
            gathered.forget();
        }
    }
}
