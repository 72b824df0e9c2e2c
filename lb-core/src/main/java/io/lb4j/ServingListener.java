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
import io.lb4j.internal.snapshot.AltSvc;
import io.lb4j.internal.tls.ServerTls;
import io.lb4j.internal.tls.TicketKeys;
import io.lb4j.internal.tls.TlsEngine;
import io.lb4j.model.Listener;
import io.lb4j.model.ListenerTls;
import io.lb4j.stats.TransportStatistics;
import io.netty.channel.Channel;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A listener that is bound, with what its connections are made of. Changed on the control thread; read by all event loops. */
final class ServingListener implements ServerProtocols {
    /** How often a port is looked for that is free for every protocol, where the system chooses it. */
    private static final int PORT_ATTEMPTS = 16;

    private final Base base;
    private final Acceptor acceptor;
    private final AltSvc altSvc = new AltSvc();
    private final TransportSurroundings surroundings;
    private final BoundTransports transports;
    private volatile Limits limits;
    private Listener listener; // confined to the control thread, as are the next two
    private Optional<SecuredListener> tls;
    private Optional<ListenerTransportTls> transportTls;

    /**
     * What all listeners of a balancer share.
     *
     * @param transports the event loops and their sockets
     * @param runtimes what exchanges share on each loop
     * @param sources the certificate sources in use
     * @param ticketKeys what seals session tickets
     * @param engine what must do TLS; empty for the best there is
     * @param acme the certificates that take care of themselves, if there are any
     */
    record Base(
            Transports transports,
            List<LoopRuntime> runtimes,
            CertificateSources sources,
            TicketKeys ticketKeys,
            Optional<TlsEngine> engine,
            AcmeService acme) {}

    /** What another configuration needs that may fail, made before anything changes. */
    record Prepared(@Nullable SecuredListener tls, BoundTransports.Change transports) {
        void discard() {
            if (tls != null) {
                tls.close();
            }
            transports.discard();
        }
    }

    private record Limits(Http1Limits http1, Http2Limits http2) {
        static Limits of(Listener listener) {
            return new Limits(ListenerMapping.http1(listener), ListenerMapping.http2(listener));
        }
    }

    /**
     * Binds a listener and begins to accept.
     *
     * @throws CompletionException if it cannot be bound; nothing is left open
     * @throws RuntimeException if files that it names cannot be read, or are not what they should be, or a transport cannot be bound
     */
    static ServingListener bind(Listener listener, Base base) {
        boolean mayChoosePort = listener.port() == 0 && !listener.transports().isEmpty();
        for (int attempt = 1; ; attempt++) {
            ServingListener bound = new ServingListener(listener, base);
            try {
                bound.transports.sequentialPrepare(listener.transports()).sequentialCommit(listener, Duration.ZERO);
                return bound;
            } catch (UncheckedIOException e) {
                bound.close();
                if (!mayChoosePort || attempt == PORT_ATTEMPTS) {
                    throw e;
                }
                // The port that the system chose is taken for the transport: it chooses again.
            } catch (RuntimeException e) {
                bound.close();
                throw e;
            }
        }
    }

    private ServingListener(Listener listener, Base base) {
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
        transportTls = secured.map(made -> new ListenerTransportTls(made.tls()));
        surroundings = new TransportSurroundings(base, acceptor, listener);
        surroundings.use(transportTls);
        transports = new BoundTransports(surroundings, altSvc);
    }

    private SecuredListener secure(Listener asked, ListenerTls how) {
        return new SecuredListener(asked, how, base);
    }

    /** Returns whether another configuration can be taken over without binding anew. */
    boolean isBoundAlike(Listener next) {
        return listener.host().equals(next.host()) && listener.port() == next.port();
    }

    /** Makes what another configuration needs, before anything changes. */
    Prepared prepare(Listener next) {
        boolean same = listener.tls().equals(next.tls()) && listener.protocols().equals(next.protocols());
        SecuredListener secured =
                same || next.tls().isEmpty() ? null : secure(next, next.tls().get());
        try {
            return new Prepared(secured, transports.sequentialPrepare(next.transports()));
        } catch (RuntimeException e) {
            if (secured != null) {
                secured.close();
            }
            throw e;
        }
    }

    /** Takes over another configuration, for connections that are accepted from now on. */
    void apply(Listener next, Prepared prepared, Duration drainTimeout) {
        if (next.equals(listener)) {
            return;
        }
        Optional<SecuredListener> former = tls;
        if (next.tls().isEmpty() || prepared.tls() != null) {
            tls = Optional.ofNullable(prepared.tls());
        }
        listener = next;
        limits = Limits.of(next);
        surroundings.use(next);
        useForTransports(tls);
        acceptor.apply(ListenerMapping.policy(next, tls.map(SecuredListener::tls)));
        prepared.transports().sequentialCommit(next, drainTimeout);
        if (former.isPresent() && former.get() != tls.orElse(null)) {
            former.get().close();
        }
    }

    private void useForTransports(Optional<SecuredListener> secured) {
        if (secured.isEmpty()) {
            return; // no transport is left that asks
        }
        ServerTls next = secured.get().tls();
        if (transportTls.isPresent()) {
            transportTls.get().use(next);
        } else {
            transportTls = Optional.of(new ListenerTransportTls(next));
            surroundings.use(transportTls);
        }
    }

    @Override
    public ServerConnection http1(Channel channel, LoopContext loop, ConnectionInfo connection) {
        Http1ServerConnection codec =
                new Http1ServerConnection(loop, connection, conductor(channel, loop, connection), limits.http1());
        channel.pipeline().addLast(codec);
        return codec;
    }

    @Override
    public ServerConnection http2(Channel channel, LoopContext loop, ConnectionInfo connection) {
        Http2ServerConnection codec =
                new Http2ServerConnection(loop, connection, conductor(channel, loop, connection), limits.http2());
        channel.pipeline().addLast(codec);
        return codec;
    }

    private Conductor conductor(Channel channel, LoopContext loop, ConnectionInfo connection) {
        Conductor conductor = new Conductor(base.runtimes().get(loop.index()), connection, altSvc);
        channel.closeFuture().addListener(closed -> conductor.onConnectionEnded());
        return conductor;
    }

    InetSocketAddress address() {
        return acceptor.localAddress();
    }

    AcceptStatistics statistics() {
        return acceptor.counters().snapshot();
    }

    Map<String, TransportStatistics> transportStatistics() {
        return transports.statistics();
    }

    /** Returns whether it speaks TLS. */
    boolean isSecured() {
        return tls.isPresent();
    }

    /** Accepts no more, and lets connections end; completes when the last one has. */
    CompletionStage<?> drain() {
        CompletionStage<?> further = transports.drain();
        return acceptor.stopAccepting().thenCompose(Acceptor::drain).thenCompose(drained -> further);
    }

    /** Closes what is left; completes when nothing is. */
    CompletionStage<?> close() {
        CompletionStage<?> further = transports.close();
        CompletionStage<?> closed =
                acceptor.stopAccepting().thenCompose(Acceptor::closeAll).thenCompose(drained -> further);
        Optional<SecuredListener> last = tls;
        return closed.whenComplete((ignored, failure) -> last.ifPresent(SecuredListener::close));
    }

    static CompletableFuture<Void> all(List<? extends CompletionStage<?>> stages) {
        return CompletableFuture.allOf(
                stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
    }
}
