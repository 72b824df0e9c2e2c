package io.lb4j.internal.proxy;

import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.lb4j.internal.snapshot.ClusterEntry;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Outcome;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.internal.upstream.LoopPools;
import io.lb4j.internal.upstream.StreamRequest;
import io.lb4j.spi.ClientStream;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One try of an exchange at one endpoint. It keeps the endpoint's books, and passes on what it hears as long as it is the exchange's
 * present try. Confined to the exchange's event loop.
 */
final class Attempt implements StreamRequest {
    private final ProxyExchange exchange;
    private final EndpointState endpoint;
    private final LoopPools pools;
    private final UpstreamCluster cluster;
    private final long startNanos = System.nanoTime();
    private @Nullable ClientStream stream;
    private long latencyNanos; // until the response began; 0 before
    private boolean waiting = true;
    private boolean over;

    Attempt(ProxyExchange exchange, EndpointState endpoint, LoopPools pools, UpstreamCluster cluster) {
        this.exchange = exchange;
        this.endpoint = endpoint;
        this.pools = pools;
        this.cluster = cluster;
        endpoint.begin();
    }

    /** Asks for a way to the endpoint. */
    void begin() {
        pools.acquire(cluster, endpoint, this);
    }

    EndpointState endpoint() {
        return endpoint;
    }

    long startNanos() {
        return startNanos;
    }

    /** Returns the way to the endpoint, or null as long as there is none. */
    @Nullable ClientStream stream() {
        return stream;
    }

    /** Gives the try up, for whatever reason is not the endpoint's fault. */
    void abandon(ResetCode code) {
        abandon(code, Outcome.CANCELLED);
    }

    /** Gives the try up and books an outcome. */
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

    /** Books a response that has ended. */
    void complete(Outcome outcome) {
        if (!over) {
            end(outcome);
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
        exchange.tryReady(opened);
    }

    @Override
    public void onUnavailable(ProxyException reason) {
        waiting = false;
        fail(reason);
    }

    @Override
    public void onInformational(ResponseHead head) {
        if (!over) {
            exchange.informational(head);
        }
    }

    @Override
    public void onHead(ResponseHead head, boolean end) {
        if (!over) {
            latencyNanos = System.nanoTime() - startNanos;
            if (head.fields().contains(FieldName.ALT_SVC)) {
                tellWhereElse(head.fields());
            }
            exchange.responseHead(this, head, end);
        }
    }

    /** Tells the cluster's connector where else the endpoint says that it serves. What it heeds was said to the balancer, and is not for the client. */
    private void tellWhereElse(Fields fields) {
        ClusterEntry asked = exchange.cluster;
        Optional<String> value = fields.value(FieldName.ALT_SVC);
        if (asked != null
                && value.isPresent()
                && asked.upstream().connector().onAltSvc(endpoint.endpoint(), value.get())) {
            fields.remove(FieldName.ALT_SVC);
        }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        if (over) {
            data.release();
            return;
        }
        exchange.responseData(data, end);
    }

    @Override
    public void onTrailers(Fields trailers) {
        if (!over) {
            exchange.responseTrailers(trailers);
        }
    }

    @Override
    public void onFailure(ProxyException failure) {
        boolean isOpen = !over && !exchange.responseLeg.isBegun();
        if (isOpen && asksForHttp1(failure) && exchange.requestLeg.rewind()) {
            stream = null;
            waiting = true;
            if (pools.acquireHttp1(cluster, endpoint, this)) {
                return;
            }
            waiting = false;
        }
        fail(failure);
    }

    /** Returns whether the endpoint would do over HTTP/1.1 what it does not over HTTP/2: open a WebSocket, most often. */
    private static boolean asksForHttp1(ProxyException failure) {
        return failure.isUnprocessed()
                && failure.resetCode()
                        .filter(ResetCode.HTTP_1_1_REQUIRED::equals)
                        .isPresent();
    }

    @Override
    public void onWritable() {
        ClientStream current = stream;
        if (!over && current != null && current.isWritable()) {
            exchange.requestLeg.holdForEndpoint(false);
        }
    }

    private void fail(ProxyException failure) {
        if (!over) {
            end(outcomeOf(failure));
            exchange.tryFailed(failure);
        }
    }

    private void end(Outcome outcome) {
        over = true;
        endpoint.end(outcome, latencyNanos > 0 ? latencyNanos : System.nanoTime() - startNanos);
    }

    /** Returns what a failure says of the endpoint. */
    static Outcome outcomeOf(ProxyException failure) {
        return switch (failure.kind()) {
            case CONNECT_FAILED, CONNECT_TIMEOUT, TLS_FAILED, RESOLVE_FAILED -> Outcome.FAILURE_CONNECT;
            case FIRST_BYTE_TIMEOUT, TRY_TIMEOUT, IDLE_TIMEOUT -> Outcome.FAILURE_TIMEOUT;
            case OVERLOADED, PENDING_TIMEOUT, DRAINED, EXCHANGE_TIMEOUT -> Outcome.CANCELLED;
            case UPSTREAM_REFUSED ->
                // Whether it has refused the stream, or has said goodbye in good order before it was there.
                failure.resetCode().isPresent() ? Outcome.FAILURE_RESET : Outcome.CANCELLED;
            default -> Outcome.FAILURE_RESET;
        };
    }
}
