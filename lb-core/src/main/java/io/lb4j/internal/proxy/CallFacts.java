package io.lb4j.internal.proxy;

import io.lb4j.error.ProxyException;
import io.lb4j.exchange.AttributeKey;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.exchange.TlsInfo;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.FinishedExchange;
import io.lb4j.model.Endpoint;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalAddress;
import java.net.SocketAddress;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A plugin's call as policies and books see it: an exchange without a client. Confined to its event loop. */
abstract class CallFacts implements FinishedExchange {
    /** Who calls: no connection of a client. */
    private record Caller(long id) implements ConnectionInfo {
        private static final SocketAddress PROCESS = new LocalAddress("plugin");

        @Override
        public String listener() {
            return "";
        }

        @Override
        public SocketAddress remoteAddress() {
            return PROCESS;
        }

        @Override
        public SocketAddress localAddress() {
            return PROCESS;
        }

        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }

        @Override
        public Optional<TlsInfo> tls() {
            return Optional.empty();
        }
    }

    private static final AtomicLong CALLS = new AtomicLong(1L << 62); // far from the numbers of exchanges

    final LoopRuntime runtime;
    final RequestHead request;
    private final String clusterName;
    private final long id;
    private final long startNanos = System.nanoTime();
    private final IdentityHashMap<AttributeKey<?>, Object> attributes = new IdentityHashMap<>();

    @Nullable ProxyException failure;

    @Nullable EndpointState endpoint; // of the present try, or of the last one

    @Nullable ResponseHead response;

    int tries;
    long requestBytes;
    long responseBytes;
    long firstByteNanos;
    long durationNanos;

    CallFacts(LoopRuntime runtime, RequestHead request, String clusterName) {
        this.runtime = runtime;
        this.request = request;
        this.clusterName = clusterName;
        this.id = CALLS.incrementAndGet();
    }

    @Override
    public final long id() {
        return id;
    }

    @Override
    public final ConnectionInfo connection() {
        return new Caller(id);
    }

    @Override
    public final EventLoop eventLoop() {
        return runtime.loop().eventLoop();
    }

    @Override
    public final Method askedMethod() {
        return request.method();
    }

    @Override
    public final String askedAuthority() {
        return request.authority();
    }

    @Override
    public final String askedTarget() {
        return request.target();
    }

    @Override
    public final RequestHead request() {
        return request;
    }

    @Override
    public final Optional<ResponseHead> response() {
        return Optional.ofNullable(response);
    }

    @Override
    public final Optional<String> route() {
        return Optional.empty();
    }

    @Override
    public final Optional<String> cluster() {
        return Optional.of(clusterName);
    }

    @Override
    public final Optional<Endpoint> endpoint() {
        return Optional.ofNullable(endpoint).map(EndpointState::endpoint);
    }

    @Override
    public final int tries() {
        return tries;
    }

    @Override
    public final long startNanos() {
        return startNanos;
    }

    @Override
    public final <T> Optional<T> attribute(AttributeKey<T> key) {
        return Optional.ofNullable(key.type().cast(attributes.get(key)));
    }

    @Override
    public final <T> void attribute(AttributeKey<T> key, T value) {
        attributes.put(key, value);
    }

    @Override
    public final int status() {
        ResponseHead head = response;
        return head == null ? 0 : head.status();
    }

    @Override
    public final Optional<ProxyException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public final boolean isLocalReply() {
        return false;
    }

    @Override
    public final long requestBytes() {
        return requestBytes;
    }

    @Override
    public final long responseBytes() {
        return responseBytes;
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
