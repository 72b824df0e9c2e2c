package io.lb4j.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lb4j.error.ProxyException;
import io.lb4j.exchange.Exchange;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.FilterRun;
import io.lb4j.internal.snapshot.FilterSink;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.stats.AccessRecord;
import io.netty.buffer.ByteBuf;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What a chain costs in objects. */
@Isolated("measures")
final class ChainCostTest {
    private static final int WARM_UP = 20_000;
    private static final int MEASURED = 20_000;
    /** A run, an array, two flows with what they count, and a seat for each plugin. */
    private static final long MAX_OCTETS = 900;

    /** Passes everything on to nobody. */
    private static final class Nowhere implements FilterSink {
        private final RecordingSink around = new RecordingSink();
        private final Exchange exchange = new PlainExchange(around.exchange(), around.request());

        @Override
        public Exchange exchange() {
            return exchange;
        }

        @Override
        public LoopContext loop() {
            return around.loop();
        }

        @Override
        public AccessRecord access() {
            throw new UnsupportedOperationException("access");
        }

        @Override
        public void passRequestHead(boolean end) {
            // Nobody is there.
        }

        @Override
        public void passRequestData(ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        public void passRequestTrailers(Fields trailers) {
            // Nobody is there.
        }

        @Override
        public void passResponseHead(ResponseHead head, boolean end) {
            // Nobody is there.
        }

        @Override
        public void passResponseData(ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        public void passResponseTrailers(Fields trailers) {
            // Nobody is there.
        }

        @Override
        public void holdRequest(boolean hold) {
            // Nobody is read.
        }

        @Override
        public void holdResponse(boolean hold) {
            // Nobody is read.
        }

        @Override
        public void reply(ResponseHead head, ByteBuf body) {
            throw new UnsupportedOperationException("reply");
        }

        @Override
        public void clearRoute() {
            throw new UnsupportedOperationException("clearRoute");
        }

        @Override
        public Optional<ClusterRequest> forwarded() {
            return Optional.empty();
        }

        @Override
        public void tellOfClient() {}

        @Override
        public boolean push(RequestHead promised) {
            return false;
        }

        @Override
        public void failInChain(ProxyException reason) {
            throw new AssertionError(reason);
        }

        @Override
        public boolean isOver() {
            return false;
        }
    }

    private static final Filter TRIVIAL = new Filter() {
        @Override
        public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
            return head.fields().isEmpty() ? Verdict.CONTINUE : Verdict.BUFFER;
        }
    };

    @Test
    void fiveTrivialPluginsMakeFewObjects() {
        Entries entries = new Entries();
        FilterChain chain = FilterChain.of(List.of(
                entries.closed("a", TRIVIAL),
                entries.closed("b", TRIVIAL),
                entries.closed("c", TRIVIAL),
                entries.closed("d", TRIVIAL),
                entries.closed("e", TRIVIAL)));
        Nowhere sink = new Nowhere();
        RequestHead request = new RequestHead();
        ResponseHead response = new ResponseHead();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        exchanges(WARM_UP, chain, sink, request, response);
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        long beforeNanos = System.nanoTime();
        exchanges(MEASURED, chain, sink, request, response);
        long nanos = (System.nanoTime() - beforeNanos) / MEASURED;
        long octets = (threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before) / MEASURED;

        assertThat(octets)
                .as("octets for each exchange, which took %s ns", nanos)
                .isLessThan(MAX_OCTETS);
    }

    private static void exchanges(
            int count, FilterChain chain, Nowhere sink, RequestHead request, ResponseHead response) {
        for (int i = 0; i < count; i++) {
            FilterRun run = Objects.requireNonNull(chain.start(sink, request));
            run.requestHead(true);
            run.responseHead(response, true);
            run.end();
        }
    }
}
