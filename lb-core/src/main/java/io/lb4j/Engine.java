package io.lb4j;

import io.lb4j.dns.DnsClient;
import io.lb4j.internal.accept.NettyVersions;
import io.lb4j.internal.accept.TransportKind;
import io.lb4j.internal.accept.TransportSettings;
import io.lb4j.internal.accept.Transports;
import io.lb4j.internal.control.ControlContext;
import io.lb4j.internal.control.ControlPlane;
import io.lb4j.internal.control.ControlStatistics;
import io.lb4j.internal.control.EngineChoice;
import io.lb4j.internal.control.PluginServices;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.observe.AccessRecorder;
import io.lb4j.internal.observe.Taps;
import io.lb4j.internal.proxy.ClusterCalls;
import io.lb4j.internal.proxy.LoopRuntime;
import io.lb4j.internal.tls.SharedTicketSecrets;
import io.lb4j.internal.tls.TicketKeys;
import io.lb4j.internal.upstream.HttpConnector;
import io.lb4j.model.Configuration;
import io.lb4j.model.ProcessOptions;
import io.lb4j.spi.Actions;
import io.lb4j.spi.Candidate;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Observer;
import io.lb4j.spi.PastEvent;
import io.lb4j.stats.ConfigurationStatistics;
import io.lb4j.stats.Statistics;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.RoundRobinDnsAddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A balancer that runs: its threads and what they work on, from start to close. */
final class Engine {
    private static final Logger LOGGER = LoggerFactory.getLogger(Engine.class);
    private static final Duration CUT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration BLOCKING_TIMEOUT = Duration.ofSeconds(3); // then what still blocks is interrupted

    private final Instant since = Instant.now();
    private final NamedThreads blockingThreads = new NamedThreads("lb4j-discovery");
    private final Transports transports;
    private final ControlThread executor;
    private final DnsAddressResolverGroup resolver;
    private final List<LoopRuntime> runtimes = new ArrayList<>();
    private final ControlPlane plane;
    private final EventDelivery events;
    private final AcmeService acme;
    private final ThreadPoolExecutor blocking;
    private final DnsClient dns;
    private final CertificateSources sources;
    private final ServingListeners listeners;
    private final Taps taps = new Taps(System::nanoTime);
    private final StoreInUse store;
    private final Future<?> ticketRotation;
    private volatile boolean abandoned; // nobody wants what is being put in force any more

    private Engine(
            Transports transports,
            ProcessOptions options,
            List<Observer> observers,
            Supplier<ConfigurationStatistics> configurations) {
        this.transports = transports;
        executor = new ControlThread("lb4j-control");
        store = StoreInUse.of(options.sharedStore());
        events = new EventDelivery(observers);
        acme = new AcmeService(events::deliver, options.sharedStore().map(ignored -> store.store()));
        sources = new CertificateSources(events::deliver);
        blocking = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), blockingThreads);
        EngineChoice engine = new EngineChoice(options.tlsEngine());
        LOGGER.info(
                "transport {} with {} event loops",
                transports.kind(),
                transports.loops().size());
        TransportKind kind = transports.kind();
        resolver = new RoundRobinDnsAddressResolverGroup(
                new DnsNameResolverBuilder().datagramChannelFactory(kind::datagram));
        DnsClient.Transport names =
                new DnsClient.Transport(transports.loops().get(0).eventLoop(), kind::datagram, kind::socket);
        dns = DnsClient.open(DnsMapping.settings(options.dns()), names);
        plane = new ControlPlane(
                new ControlContext(
                        executor,
                        System::nanoTime,
                        transports.loops(),
                        new HttpConnector.Network(kind::socket, resolver),
                        new ControlContext.Edge(kind::socket, kind::datagram, engine, acme),
                        this::retire,
                        new ControlContext.SourceTools(blocking, dns, names),
                        events::deliver),
                new PluginServices(new ClusterCalls(runtimes), store.store(), () -> statistics(configurations.get())));
        AccessRecorder recorder = new AccessRecorder(observers, taps, Clock.systemUTC());
        for (LoopContext loop : transports.loops()) {
            runtimes.add(new LoopRuntime(loop, plane.snapshots(), recorder));
        }
        TicketKeys ticketKeys = TicketKeys.create();
        EventExecutor ticks = transports.loops().get(0).eventLoop();
        ticketRotation = options.sharesTickets()
                ? new SharedTicketSecrets(store.store(), ticketKeys, System::currentTimeMillis).follow(ticks, blocking)
                : ticketKeys.rotateEvery(TicketKeys.ROTATION, ticks);
        listeners = new ServingListeners(new ServingListener.Base(
                transports, List.copyOf(runtimes), sources, ticketKeys, engine, acme, executor));
    }

    /** Makes everything that a balancer works with; it serves once a configuration is {@linkplain #update put in force}. */
    static Engine open(
            ProcessOptions options, List<Observer> observers, Supplier<ConfigurationStatistics> configurations) {
        requireOneNetty();
        Transports transports = Transports.open(settings(options));
        try {
            return new Engine(transports, options, observers, configurations);
        } catch (RuntimeException | Error e) {
            transports.close(CUT_TIMEOUT);
            throw e;
        }
    }

    /** Refuses a thread of the balancer's own: what it would wait for needs it. */
    void requireForeignThread(String what) {
        if (transports.isOnLoop() || executor.isCurrent() || blockingThreads.isCurrent() || events.isTelling()) {
            throw new IllegalStateException(what + ": called on thread "
                    + Thread.currentThread().getName() + " (expected: a thread that is not the balancer's own)");
        }
    }

    private static void requireOneNetty() {
        try {
            Optional<String> mix =
                    NettyVersions.seenBy(Engine.class.getClassLoader()).mixture();
            if (mix.isPresent()) {
                throw new IllegalStateException(mix.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the versions of Netty cannot be read", e);
        }
    }

    private static TransportSettings settings(ProcessOptions options) {
        TransportSettings settings = TransportSettings.defaults();
        if (options.eventLoops().isPresent()) {
            settings = settings.withLoops(options.eventLoops().get());
        }
        return switch (options.transport()) {
            case AUTO -> settings;
            case NIO -> settings.withKind(TransportKind.NIO);
            case EPOLL -> settings.withKind(TransportKind.EPOLL);
            case KQUEUE -> settings.withKind(TransportKind.KQUEUE);
            case IO_URING -> settings.withKind(TransportKind.IO_URING);
        };
    }

    /** Puts another configuration in force; where that fails, nothing has changed. */
    void update(Configuration next) {
        warm(next);
        onControl(() -> sequentialApply(next));
    }

    /** Makes everything first that may fail. Then nothing does: what is published finds what it needs, and what is taken finds its routes. */
    private void sequentialApply(Configuration next) {
        requireWanted();
        Deque<Runnable> made = new ArrayDeque<>();
        try {
            AcmeService.Change certificates = acme.sequentialPrepare(next);
            made.push(certificates::discard);
            ControlPlane.Change planned = plane.sequentialPrepare(next, listeners.sequentialPresent());
            made.push(planned::discard);
            ServingListeners.Change listening =
                    listeners.sequentialPrepare(next); // last: clients come to new addresses
            made.clear();
            certificates.sequentialCommit();
            planned.sequentialCommit();
            listening.sequentialCommit();
            certificates.sequentialFinish();
        } catch (RuntimeException e) {
            made.forEach(Runnable::run);
            throw e;
        } finally {
            plane.sequentialCool();
        }
        acme.sequentialListening(listeners.sequentialAddresses(false), listeners.sequentialAddresses(true));
    }

    /** Waits until the clusters that a configuration brings have endpoints, for as long as it says. */
    private void warm(Configuration next) {
        Failures.join(CompletableFuture.supplyAsync(
                        () -> {
                            requireWanted();
                            return plane.sequentialWarm(next);
                        },
                        executor)
                .thenCompose(ready -> ready));
    }

    private void requireWanted() {
        if (abandoned) {
            throw new IllegalStateException("balancer: closing (expected: serving)");
        }
    }

    /** Lets whoever waits for a configuration to be put in force wait no longer: it fails. */
    void abandon() {
        abandoned = true;
        try {
            executor.execute(plane::sequentialCool);
        } catch (RejectedExecutionException e) {
            LOGGER.debug("there is nothing to abandon: the balancer has closed", e);
        }
    }

    private void retire(List<? extends Candidate> candidates) {
        for (LoopRuntime runtime : runtimes) {
            runtime.loop().eventLoop().execute(() -> candidates.forEach(runtime.pools()::retire));
        }
    }

    void tell(ControlEvent event) {
        events.deliver(event);
    }

    List<PastEvent> recentFaults() {
        return events.faults();
    }

    private void onControl(Runnable action) {
        CompletableFuture<Void> done = CompletableFuture.runAsync(action, executor);
        Failures.join(done);
    }

    InetSocketAddress address(String listener) {
        return listeners.address(listener);
    }

    Statistics statistics(ConfigurationStatistics configurations) {
        ControlStatistics control = plane.statistics();
        return StatisticsView.of(
                since,
                control,
                StatisticsView.listeners(control, listeners.statistics(), listeners.transportStatistics()),
                configurations,
                Stream.concat(acme.standing().stream(), sources.standing().stream())
                        .toList());
    }

    Actions actions() {
        return plane.actions(taps);
    }

    /** Waits for it, for what is closed there still needs the control thread and the loops. */
    private void closePlane() {
        try {
            PatientStage.await(CompletableFuture.runAsync(plane::sequentialClose, executor), CUT_TIMEOUT);
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.warn("the control plane has not closed as it should within {}", CUT_TIMEOUT, e);
        }
    }

    /** Drains, then closes what is left; returns when everything is gone. An interrupt ends the draining alone. */
    void close(Duration drainTimeout) {
        listeners.drain(drainTimeout);
        boolean interrupted = Thread.interrupted();
        listeners.close(CUT_TIMEOUT);
        ticketRotation.cancel(false);
        sources.close();
        acme.close();
        // The control thread ends before the event loops, which it gives work to.
        closePlane();
        executor.end(CUT_TIMEOUT);
        for (LoopRuntime runtime : runtimes) {
            runtime.loop().eventLoop().execute(() -> runtime.pools().closeAll());
        }
        NamedThreads.end(blocking, BLOCKING_TIMEOUT);
        dns.close();
        resolver.close();
        transports.close(CUT_TIMEOUT);
        store.close();
        events.close(CUT_TIMEOUT);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
