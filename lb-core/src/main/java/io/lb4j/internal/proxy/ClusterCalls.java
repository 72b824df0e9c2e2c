package io.lb4j.internal.proxy;

import io.lb4j.spi.ClusterCall;
import io.lb4j.spi.ClusterClient;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.spi.ResponseListener;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls of plugins to clusters of this balancer, over the picks and the pools that proxied requests use. Thread-safe. */
public final class ClusterCalls implements ClusterClient {
    private final List<LoopRuntime> runtimes;
    private final AtomicInteger next = new AtomicInteger();

    /**
     * Creates the client.
     *
     * @param runtimes of all event loops; filled before the first call
     */
    public ClusterCalls(List<LoopRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public ClusterCall send(ClusterRequest request, Listener listener) {
        return begin(request, new GatheredResponse(listener, request.maxResponse()));
    }

    @Override
    public ClusterCall open(ClusterRequest request, ResponseListener listener) {
        return begin(request, listener);
    }

    @Override
    public boolean isKnown(String cluster) {
        return runtimes.get(0).snapshots().current().clusters().containsKey(cluster);
    }

    private OutgoingCall begin(ClusterRequest request, ResponseListener listener) {
        LoopRuntime runtime = runtime();
        OutgoingCall call = new OutgoingCall(runtime, request, listener);
        if (listener instanceof GatheredResponse gathered) {
            gathered.of(call);
        }
        try {
            // Later even on the loop itself: the listener must not be called before the caller has the call.
            runtime.loop().eventLoop().execute(call::begin);
        } catch (RejectedExecutionException e) {
            request.body().release();
            throw new IllegalStateException("balancer: closed (expected: serving)", e);
        }
        return call;
    }

    /** Returns the runtime of the loop that calls, or of another one each time. */
    private LoopRuntime runtime() {
        for (LoopRuntime runtime : runtimes) {
            EventLoop eventLoop = runtime.loop().eventLoop();
            if (eventLoop.inEventLoop()) {
                return runtime;
            }
        }
        return runtimes.get(Math.floorMod(next.getAndIncrement(), runtimes.size()));
    }
}
