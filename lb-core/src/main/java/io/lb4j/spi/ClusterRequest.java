package io.lb4j.spi;

import io.lb4j.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;

/**
 * A request to a cluster, for one call. Immutable but for its body, which the call takes over.
 *
 * <p>An authority that is empty becomes the endpoint's address. Where there is a whole body its {@code content-length} is set.
 */
public final class ClusterRequest {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final int DEFAULT_MAX_RESPONSE = 1 << 20;

    private final String cluster;
    private final RequestHead head;
    private final ByteBuf body;
    private final boolean isStreamed;
    private final Duration timeout;
    private final int maxResponse;

    private ClusterRequest(
            String cluster, RequestHead head, ByteBuf body, boolean isStreamed, Duration timeout, int maxResponse) {
        this.cluster = cluster;
        this.head = head;
        this.body = body;
        this.isStreamed = isStreamed;
        this.timeout = timeout;
        this.maxResponse = maxResponse;
    }

    /**
     * Returns a request that is its head alone.
     *
     * @param cluster the cluster's name
     * @param head copied
     */
    public static ClusterRequest of(String cluster, RequestHead head) {
        return new ClusterRequest(
                cluster, head.copy(), Unpooled.EMPTY_BUFFER, false, DEFAULT_TIMEOUT, DEFAULT_MAX_RESPONSE);
    }

    /**
     * Returns this request with a body.
     *
     * @param whole taken over, by the call
     */
    public ClusterRequest withBody(ByteBuf whole) {
        return new ClusterRequest(cluster, head, whole, false, timeout, maxResponse);
    }

    /** Returns this request with a body that follows by {@link ClusterCall#write}. */
    public ClusterRequest withStreamedBody() {
        return new ClusterRequest(cluster, head, Unpooled.EMPTY_BUFFER, true, timeout, maxResponse);
    }

    /**
     * Returns this request with a bound on the time until its response has ended. Without it: 5 seconds.
     *
     * @throws IllegalArgumentException if it is not positive, or longer than a day
     */
    public ClusterRequest withTimeout(Duration bound) {
        if (bound.isNegative() || bound.isZero() || bound.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("timeout: " + bound + " (expected: > 0, at most a day)");
        }
        return new ClusterRequest(cluster, head, body, isStreamed, bound, maxResponse);
    }

    /**
     * Returns this request with a bound on a response that is gathered, in octets. Without it: 1 MiB.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ClusterRequest withMaxResponse(int octets) {
        if (octets < 0) {
            throw new IllegalArgumentException("max response: " + octets + " (expected: >= 0)");
        }
        return new ClusterRequest(cluster, head, body, isStreamed, timeout, octets);
    }

    /** Returns the cluster's name. */
    public String cluster() {
        return cluster;
    }

    /** Returns the head; the call's to change. */
    public RequestHead head() {
        return head;
    }

    /** Returns the body; empty where there is none, or where it is streamed. */
    public ByteBuf body() {
        return body;
    }

    /** Returns whether the body follows. */
    public boolean isStreamed() {
        return isStreamed;
    }

    /** Returns the bound on the time until the response has ended. */
    public Duration timeout() {
        return timeout;
    }

    /** Returns the bound on a response that is gathered, in octets. */
    public int maxResponse() {
        return maxResponse;
    }
}
