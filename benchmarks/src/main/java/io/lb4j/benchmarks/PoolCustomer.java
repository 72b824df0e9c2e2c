package io.lb4j.benchmarks;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.internal.upstream.LoopPools;
import io.lb4j.internal.upstream.StreamRequest;
import io.lb4j.spi.ClientStream;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CountDownLatch;

/** The pools of one event loop, and requests that come one after the other. */
final class PoolCustomer {
    private final LoopContext loop;
    private final LoopPools pools;
    private final UpstreamCluster cluster;
    private final EndpointState endpoint;

    PoolCustomer(LoopContext loop, UpstreamCluster cluster, EndpointState endpoint) {
        this.loop = loop;
        this.cluster = cluster;
        this.endpoint = endpoint;
        pools = new LoopPools(loop);
    }

    /** Begins as many rows of requests; each counts down when its last one has ended. */
    void begin(int rows, int requests, CountDownLatch done) {
        for (int i = 0; i < rows; i++) {
            Row row = new Row(requests, done);
            loop.eventLoop().execute(row::next);
        }
    }

    void close() {
        loop.eventLoop().execute(pools::closeAll);
    }

    /** Confined to the loop. */
    private final class Row implements StreamRequest {
        private final CountDownLatch done;
        private int left;

        Row(int left, CountDownLatch done) {
            this.left = left;
            this.done = done;
        }

        void next() {
            pools.acquire(cluster, endpoint, this);
        }

        @Override
        public void onStream(ClientStream stream, Version version, boolean isReused) {
            loop.eventLoop().execute(() -> ended((SilentStream) stream));
        }

        private void ended(SilentStream stream) {
            stream.end();
            if (--left > 0) {
                next();
            } else {
                done.countDown();
            }
        }

        @Override
        public void onUnavailable(ProxyException reason) {
            throw new IllegalStateException("a request was not served", reason);
        }

        @Override
        public void onInformational(ResponseHead head) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void onHead(ResponseHead head, boolean end) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void onTrailers(Fields trailers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void onFailure(ProxyException failure) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void onWritable() {
            throw new UnsupportedOperationException();
        }
    }
}
