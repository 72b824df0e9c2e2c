package io.lb4j;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.internal.accept.AcceptStatistics;
import io.lb4j.internal.accept.Acceptor;
import io.lb4j.internal.accept.BoundAddress;
import io.lb4j.internal.accept.ServerProtocols;
import io.lb4j.internal.accept.Transports;
import io.lb4j.internal.codec.ServerConnection;
import io.lb4j.internal.codec.http1.Http1Limits;
import io.lb4j.internal.codec.http1.Http1ServerConnection;
import io.lb4j.internal.codec.http2.Http2Limits;
import io.lb4j.internal.codec.http2.Http2ServerConnection;
import io.lb4j.internal.control.EngineChoice;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.proxy.Conductor;
import io.lb4j.internal.proxy.LoopRuntime;
import io.lb4j.internal.snapshot.AltSvc;
import io.lb4j.internal.tls.ServerTls;
import io.lb4j.internal.tls.TicketKeys;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener that is bound, with what its connections are made of. Changed on the control thread; read by all event loops. */
final class ServingListener implements ServerProtocols {
    /** How often a port is looked for that is free for every protocol, where the system chooses it. */
    private static final int PORT_ATTEMPTS = 16;

    private static final Logger LOGGER = LoggerFactory.getLogger(ServingListener.class);
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(10);

    private final Base base;
    private final Acceptor acceptor;
    private final AltSvc altSvc = new AltSvc();
    private final TransportSurroundings surroundings;
    private final BoundTransports transports;
    private final boolean hasOwnAddress; // or one that another has bound
    private final Set<SecuredListener> leavingTls = ConcurrentHashMap.newKeySet(); // with handshakes under way
    private volatile Limits limits;
    private BoundTransports.@Nullable Change first; // until it begins
    private Listener listener; // confined to the control thread, as are the one before and the next two
    private Optional<SecuredListener> tls;
    private Optional<ListenerTransportTls> transportTls;

    /**
     * What all listeners of a balancer share.
     *
     * @param transports the event loops and their sockets
     * @param runtimes what exchanges share on each loop
     * @param sources the certificate sources in use
     * @param ticketKeys what seals session tickets
     * @param engine what does TLS
     * @param acme the certificates that take care of themselves, if there are any
     * @param timers the control thread
     */
    record Base(
            Transports transports,
            List<LoopRuntime> runtimes,
            CertificateSources sources,
            TicketKeys ticketKeys,
            EngineChoice engine,
            AcmeService acme,
            ScheduledExecutorService timers) {}

    /** What another configuration of a listener needs that may fail, made before anything changes. */
    final class Change {
        private final Listener next;
        private final boolean keepsTls;
        private final @Nullable SecuredListener secured;
        private final BoundTransports.Change further;

        private Change(Listener next) {
            this.next = next;
            keepsTls = listener.tls().equals(next.tls()) && listener.protocols().equals(next.protocols());
            secured = keepsTls
                    ? null
                    : next.tls().map(asked -> secure(next, asked)).orElse(null);
            try {
                further = transports.sequentialPrepare(next.transports());
            } catch (RuntimeException e) {
                if (secured != null) {
                    secured.close();
                }
                throw e;
            }
        }

        /** Takes it over, for connections that are accepted from now on. */
        void sequentialCommit(Duration drainTimeout) {
            if (next.equals(listener)) {
                return;
            }
            Optional<SecuredListener> former = tls;
            tls = keepsTls ? former : Optional.ofNullable(secured);
            listener = next;
            limits = Limits.of(next);
            surroundings.use(next);
            useForTransports(tls);
            acceptor.apply(ListenerMapping.policy(next, tls.map(SecuredListener::tls)));
            further.sequentialCommit(next, drainTimeout);
            if (!keepsTls) {
                former.ifPresent(ServingListener.this::retire);
            }
        }

        void discard() {
            if (secured != null) {
                secured.close();
            }
            further.discard();
        }
    }

    private record Limits(Http1Limits http1, Http2Limits http2) {
        static Limits of(Listener listener) {
            return new Limits(ListenerMapping.http1(listener), ListenerMapping.http2(listener));
        }
    }

    /**
     * Makes a listener that does not serve yet.
     *
     * @param former listens where this one will, and lets it have its sockets; null for an address that is to be bound
     * @param before the former, or one that has listened there and has connections yet; null for none
     * @throws CompletionException if it cannot be bound; nothing is left open
     * @throws RuntimeException if files that it names cannot be read, or are not what they should be, or a transport cannot be bound
     */
    static ServingListener prepare(
            Listener listener, Base base, @Nullable ServingListener former, @Nullable ServingListener before) {
        boolean mayChoosePort = listener.port() == 0 && !listener.transports().isEmpty();
        for (int attempt = 1; ; attempt++) {
            ServingListener made = new ServingListener(listener, base, former, before);
            try {
                made.first = made.transports.sequentialPrepare(listener.transports());
                return made;
            } catch (UncheckedIOException e) {
                made.discard();
                if (!mayChoosePort || attempt == PORT_ATTEMPTS) {
                    throw e;
                }
                // The port that the system chose is taken for the transport: it chooses again.
            } catch (RuntimeException e) {
                made.discard();
                throw e;
            }
        }
    }

    private ServingListener(
            Listener listener, Base base, @Nullable ServingListener former, @Nullable ServingListener before) {
        this.listener = listener;
        this.base = base;
        this.limits = Limits.of(listener);
        this.hasOwnAddress = former == null;
        Optional<SecuredListener> secured = listener.tls().map(asked -> secure(listener, asked));
        this.tls = secured;
        BoundAddress address;
        try {
            address = former != null
                    ? former.acceptor.address()
                    : BoundAddress.bind(ListenerMapping.settings(listener), base.transports())
                            .toCompletableFuture()
                            .join();
        } catch (RuntimeException e) {
            secured.ifPresent(SecuredListener::close);
            throw e;
        }
        acceptor = new Acceptor(
                listener.name(), address, ListenerMapping.policy(listener, secured.map(SecuredListener::tls)), this);
        transportTls = secured.map(made -> new ListenerTransportTls(made.tls()));
        surroundings = new TransportSurroundings(base, acceptor, listener);
        surroundings.use(transportTls);
        transports =
                new BoundTransports(surroundings, altSvc, before == null ? null : before.transports, base.timers());
    }

    private SecuredListener secure(Listener asked, ListenerTls how) {
        return new SecuredListener(asked, how, base);
    }

    /** Returns whether a listener wants to listen where this one does. */
    boolean isAt(Listener other) {
        if (listener.host().equals(other.host()) && listener.port() == other.port()) {
            return listener.port() != 0 || listener.name().equals(other.name());
        }
        return other.port() != 0
                && acceptor.address().isAt(ListenerMapping.settings(other).address());
    }

    /** Begins to serve: clients that have connected already come first. */
    void sequentialBegin() {
        BoundTransports.Change bound = first;
        if (bound == null) {
            throw new IllegalStateException("listener " + listener.name() + ": serving (expected: prepared)");
        }
        first = null;
        acceptor.begin();
        bound.sequentialCommit(listener, Duration.ZERO);
    }

    /** Lets go of a listener that has not begun. */
    void discard() {
        if (first != null) {
            first.discard();
        }
        if (hasOwnAddress) {
            release(acceptor.address());
        }
        tls.ifPresent(SecuredListener::close);
    }

    private static void release(BoundAddress address) {
        try {
            PatientStage.await(address.close(), RELEASE_TIMEOUT);
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.warn("{} has not been given back", address.localAddress(), e);
        }
    }

    /** Makes what another configuration needs, before anything changes. */
    Change prepare(Listener next) {
        return new Change(next);
    }

    /** Lets go of TLS settings once no handshake can be under way any longer that began with them. */
    private void retire(SecuredListener former) {
        leavingTls.add(former);
        PatientStage.whenOver(new CompletableFuture<>(), former.handshakeTimeout(), base.timers(), () -> {
            if (leavingTls.remove(former)) {
                former.close();
            }
        });
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

    /** Returns how it is configured. */
    Listener listener() {
        return listener;
    }

    InetSocketAddress address() {
        return acceptor.address().localAddress();
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
        return closed.whenComplete((ignored, failure) -> {
            last.ifPresent(SecuredListener::close);
            leavingTls.forEach(former -> {
                if (leavingTls.remove(former)) {
                    former.close();
                }
            });
        });
    }

    static CompletableFuture<Void> all(List<? extends CompletionStage<?>> stages) {
        return CompletableFuture.allOf(
                stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
    }
}
