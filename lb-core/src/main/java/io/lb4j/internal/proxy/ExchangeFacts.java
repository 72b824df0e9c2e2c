package io.lb4j.internal.proxy;

import io.lb4j.error.ProxyException;
import io.lb4j.exchange.AttributeKey;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.snapshot.ClusterEntry;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.FinishedExchange;
import io.lb4j.internal.snapshot.RouteEntry;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ServerStream;
import io.netty.channel.EventLoop;
import java.util.IdentityHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What others may know of an exchange: its heads, its choices and its figures. What happens to it is {@link ProxyExchange}'s. */
abstract class ExchangeFacts implements FinishedExchange {
    private static final int FEW = 4; // attributes; room for 32, as by default, costs a quarter of a kilobyte

    final Conductor conductor;
    final ServerStream stream;
    final RequestHead request;
    final boolean isHead; // the client's request, whatever filters make of it
    private final Method askedMethod; // likewise, as the next
    private final String askedAuthority;
    String askedTarget; // likewise; as it came, until the router has made it canonical
    final Tries tries;
    final RequestLeg requestLeg;
    final ResponseLeg responseLeg;
    final long id;
    final long startNanos = System.nanoTime();

    @Nullable RouteEntry route;

    @Nullable ClusterEntry cluster;

    @Nullable ProxyException failure;

    boolean localReply;
    boolean isTunnel;
    long firstByteNanos;
    long durationNanos;
    private long lastActivityNanos = startNanos;
    private @Nullable IdentityHashMap<AttributeKey<?>, Object> attributes;

    ExchangeFacts(Conductor conductor, ServerStream stream, RequestHead request, boolean end) {
        this.conductor = conductor;
        this.stream = stream;
        this.request = request;
        this.askedMethod = request.method();
        this.isHead = askedMethod == Method.HEAD;
        this.askedAuthority = request.authority();
        this.askedTarget = request.target();
        this.tries = new Tries(conductor.runtime());
        this.requestLeg = new RequestLeg(stream, tries, end, startNanos);
        this.responseLeg = new ResponseLeg(this, stream);
        this.id = conductor.runtime().newId();
    }

    /** Something has come, or was sent. */
    final void touch() {
        lastActivityNanos = System.nanoTime();
    }

    final long lastActivityNanos() {
        return lastActivityNanos;
    }

    /** The response's head is on its way to the client. */
    abstract void returned();

    /** The response's last octet was written. */
    abstract void responseEnded();

    @Override
    public final long id() {
        return id;
    }

    @Override
    public final ConnectionInfo connection() {
        return conductor.connection();
    }

    @Override
    public final EventLoop eventLoop() {
        return stream.eventLoop();
    }

    @Override
    public final RequestHead request() {
        return request;
    }

    @Override
    public final Method askedMethod() {
        return askedMethod;
    }

    @Override
    public final String askedAuthority() {
        return askedAuthority;
    }

    @Override
    public final String askedTarget() {
        return askedTarget;
    }

    @Override
    public final Optional<ResponseHead> response() {
        return Optional.ofNullable(responseLeg.head());
    }

    @Override
    public final Optional<String> route() {
        return Optional.ofNullable(route).map(RouteEntry::name);
    }

    @Override
    public final Optional<String> cluster() {
        return Optional.ofNullable(cluster).map(ClusterEntry::name);
    }

    @Override
    public final Optional<Endpoint> endpoint() {
        return tries.endpoint().map(EndpointState::endpoint);
    }

    @Override
    public final int tries() {
        return tries.count();
    }

    @Override
    public final boolean isPush() {
        return stream.isPush();
    }

    @Override
    public final long startNanos() {
        return startNanos;
    }

    @Override
    public final <T> Optional<T> attribute(AttributeKey<T> key) {
        IdentityHashMap<AttributeKey<?>, Object> kept = attributes;
        return kept == null ? Optional.empty() : Optional.ofNullable(key.type().cast(kept.get(key)));
    }

    @Override
    public final <T> void attribute(AttributeKey<T> key, T value) {
        if (attributes == null) {
            attributes = new IdentityHashMap<>(FEW);
        }
        attributes.put(key, value);
    }

    @Override
    public final int status() {
        return responseLeg.status();
    }

    @Override
    public final Optional<ProxyException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public final boolean isLocalReply() {
        return localReply;
    }

    @Override
    public final long requestBytes() {
        return requestLeg.bytes();
    }

    @Override
    public final long responseBytes() {
        return responseLeg.bytes();
    }

    @Override
    public final long firstByteNanos() {
        return firstByteNanos;
    }

    @Override
    public final long durationNanos() {
        return durationNanos;
    }
}
