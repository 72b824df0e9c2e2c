package io.lb4j;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.internal.accept.AcceptStatistics;
import io.lb4j.internal.accept.Acceptor;
import io.lb4j.internal.accept.ServerProtocols;
import io.lb4j.internal.accept.Transports;
import io.lb4j.internal.codec.ServerConnection;
import io.lb4j.internal.codec.http1.Http1Limits;
import io.lb4j.internal.codec.http1.Http1ServerConnection;
import io.lb4j.internal.codec.http2.Http2Limits;
import io.lb4j.internal.codec.http2.Http2ServerConnection;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.proxy.Conductor;
import io.lb4j.internal.proxy.LoopRuntime;
import io.lb4j.internal.tls.TicketKeys;
import io.lb4j.model.Listener;
import io.lb4j.model.ListenerTls;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A listener that is bound, with what its connections are made of. Changed on the control thread; read by all event loops. */
final class ServingListener implements ServerProtocols {
    private final Base base;
    private final Acceptor acceptor;
    private volatile Limits limits;
    private Listener listener; // confined to the control thread, as is tls
    private Optional<SecuredListener> tls;

    /**
     * What all listeners of a balancer share.
     *
     * @param transports the event loops and their sockets
     * @param runtimes what exchanges share on each loop
     * @param sources the certificate sources in use
     * @param ticketKeys what seals session tickets
     */
    record Base(Transports transports, List<LoopRuntime> runtimes, CertificateSources sources, TicketKeys ticketKeys) {}

    private record Limits(Http1Limits http1, Http2Limits http2) {
        static Limits of(Listener listener) {
            return new Limits(ListenerMapping.http1(listener), ListenerMapping.http2(listener));
        }
    }

    /**
     * Binds a listener and begins to accept.
     *
     * @throws CompletionException if it cannot be bound; nothing is left open
     * @throws RuntimeException if files that it names cannot be read, or are not what they should be
     */
    ServingListener(Listener listener, Base base) {
        this.listener = listener;
        this.base = base;
        this.limits = Limits.of(listener);
        Optional<SecuredListener> secured = listener.tls().map(asked -> secure(listener, asked));
        this.tls = secured;
        try {
            this.acceptor = Acceptor.bind(
                            ListenerMapping.settings(listener),
                            ListenerMapping.policy(listener, secured.map(SecuredListener::tls)),
                            base.transports(),
                            this)
                    .toCompletableFuture()
                    .join();
        } catch (RuntimeException e) {
            secured.ifPresent(SecuredListener::close);
            throw e;
        }
    }

    private SecuredListener secure(Listener asked, ListenerTls how) {
        return new SecuredListener(asked, how, base.ticketKeys(), base.sources());
    }

    /** Returns whether another configuration can be taken over without binding anew. */
    boolean isBoundAlike(Listener next) {
        return listener.host().equals(next.host()) && listener.port() == next.port();
    }

    /** What another configuration needs, made before anything changes. */
    @Nullable SecuredListener prepareTls(Listener next) {
        boolean same = listener.tls().equals(next.tls()) && listener.protocols().equals(next.protocols());
        return same || next.tls().isEmpty() ? null : secure(next, next.tls().get());
    }

    /** Takes over another configuration, for connections that are accepted from now on. */
    void apply(Listener next, @Nullable SecuredListener prepared) {
        if (next.equals(listener)) {
            return;
        }
        Optional<SecuredListener> former = tls;
        if (next.tls().isEmpty() || prepared != null) {
            tls = Optional.ofNullable(prepared);
        }
        listener = next;
        limits = Limits.of(next);
        acceptor.apply(ListenerMapping.policy(next, tls.map(SecuredListener::tls)));
        if (former.isPresent() && former.get() != tls.orElse(null)) {
            former.get().close();
        }
    }

    @Override
    public ServerConnection http1(Channel channel, LoopContext loop, ConnectionInfo connection) {
        Http1ServerConnection codec =
                new Http1ServerConnection(loop, connection, conductor(loop, connection), limits.http1());
        channel.pipeline().addLast(codec);
        return codec;
    }

    @Override
    public ServerConnection http2(Channel channel, LoopContext loop, ConnectionInfo connection) {
        Http2ServerConnection codec =
                new Http2ServerConnection(loop, connection, conductor(loop, connection), limits.http2());
        channel.pipeline().addLast(codec);
        return codec;
    }

    private Conductor conductor(LoopContext loop, ConnectionInfo connection) {
        return new Conductor(base.runtimes().get(loop.index()), connection);
    }

    InetSocketAddress address() {
        return acceptor.localAddress();
    }

    AcceptStatistics statistics() {
        return acceptor.counters().snapshot();
    }

    /** Accepts no more, and lets connections end; completes when the last one has. */
    CompletionStage<Acceptor> drain() {
        return acceptor.stopAccepting().thenCompose(Acceptor::drain);
    }

    /** Closes what is left; completes when nothing is. */
    CompletionStage<Acceptor> close() {
        CompletionStage<Acceptor> closed = acceptor.stopAccepting().thenCompose(Acceptor::closeAll);
        Optional<SecuredListener> last = tls;
        return closed.whenComplete((ignored, failure) -> last.ifPresent(SecuredListener::close));
    }

    static CompletableFuture<Void> all(List<? extends CompletionStage<?>> stages) {
        return CompletableFuture.allOf(
                stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
    }
}
