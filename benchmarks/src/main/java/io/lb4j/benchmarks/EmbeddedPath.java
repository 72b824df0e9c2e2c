package io.lb4j.benchmarks;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.dns.DnsClient;
import io.lb4j.dns.DnsSettings;
import io.lb4j.internal.codec.http1.Http1ClientConnection;
import io.lb4j.internal.codec.http1.Http1Limits;
import io.lb4j.internal.codec.http1.Http1ServerConnection;
import io.lb4j.internal.codec.http2.Http2Limits;
import io.lb4j.internal.codec.http2.Http2ServerConnection;
import io.lb4j.internal.control.ControlContext;
import io.lb4j.internal.control.ControlPlane;
import io.lb4j.internal.control.EngineChoice;
import io.lb4j.internal.control.PluginServices;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.observe.AccessRecorder;
import io.lb4j.internal.observe.Taps;
import io.lb4j.internal.proxy.ClusterCalls;
import io.lb4j.internal.proxy.Conductor;
import io.lb4j.internal.proxy.LoopRuntime;
import io.lb4j.internal.snapshot.AltSvc;
import io.lb4j.internal.snapshot.ClusterEntry;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.internal.snapshot.Snapshot;
import io.lb4j.internal.snapshot.SnapshotHolder;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.internal.upstream.HttpConnector;
import io.lb4j.model.Configuration;
import io.lb4j.model.Endpoint;
import io.lb4j.model.ProcessOptions;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.ChallengeResponder;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStores;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The whole data path of a balancer, with its real control plane, between two channels without sockets: one from a client, one to an
 * origin. Confined to one thread.
 */
final class EmbeddedPath implements AutoCloseable {
    private final EmbeddedChannel client = new EmbeddedChannel();
    private final EmbeddedChannel origin = new EmbeddedChannel();
    private final ScheduledExecutorService control = Executors.newSingleThreadScheduledExecutor();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final DnsClient dns; // asked for nothing: the endpoint has an address
    private final ControlPlane plane;
    private final Conductor conductor;
    private final LoopContext loop;

    /** Makes a path whose client speaks nothing yet. */
    EmbeddedPath() {
        this(builder -> builder);
    }

    /**
     * Makes a path whose client speaks nothing yet.
     *
     * @param more adds to the configuration
     */
    EmbeddedPath(UnaryOperator<LoadBalancerBuilder> more) {
        // Both channels count as those of one loop, which is the client's.
        loop = new LoopContext(client.eventLoop(), 0);
        HttpConnector.Network unused =
                new HttpConnector.Network(EmbeddedChannel::new, DefaultAddressResolverGroup.INSTANCE);
        DnsClient.Transport names =
                new DnsClient.Transport(group.next(), NioDatagramChannel::new, NioSocketChannel::new);
        dns = DnsClient.open(DnsSettings.ofSystem(), names);
        SharedStore store = SharedStores.inMemory();
        List<LoopRuntime> runtimes = new ArrayList<>();
        plane = new ControlPlane(
                new ControlContext(
                        control,
                        System::nanoTime,
                        List.of(loop),
                        unused,
                        new ControlContext.Edge(
                                NioSocketChannel::new,
                                NioDatagramChannel::new,
                                new EngineChoice(ProcessOptions.TlsEngine.AUTO),
                                new NoChallenges()),
                        candidate -> {},
                        new ControlContext.SourceTools(control, dns, names),
                        event -> {}),
                new PluginServices(new ClusterCalls(runtimes), store, () -> {
                    throw new UnsupportedOperationException("statistics");
                }));
        Configuration configuration = more.apply(LoadBalancer.builder()
                        .listener(EmbeddedConnection.LISTENER, listener -> listener.port(0))
                        .cluster("origin", cluster -> cluster.endpoint("127.0.0.1", 80))
                        .route(route -> route.path("/**").to("origin")))
                .configuration();
        CompletableFuture.runAsync(
                        () -> plane.sequentialPrepare(configuration, List.of()).sequentialCommit(), control)
                .join();
        SnapshotHolder snapshots = new SnapshotHolder(embedded(plane.snapshots().current()));
        LoopRuntime runtime = new LoopRuntime(
                loop, snapshots, new AccessRecorder(List.of(), new Taps(System::nanoTime), Clock.systemUTC()));
        runtimes.add(runtime);
        conductor = new Conductor(runtime, new EmbeddedConnection(), new AltSvc());
    }

    /** Returns a snapshot whose clusters connect to the embedded origin. */
    private Snapshot embedded(Snapshot built) {
        Map<String, ClusterEntry> clusters = new HashMap<>();
        built.clusters().forEach((name, entry) -> {
            UpstreamCluster upstream = entry.upstream().with(new OriginConnector());
            clusters.put(name, new ClusterEntry(name, entry.all(), entry.subsets(), upstream, entry.traffic()));
        });
        return new Snapshot(built.version(), built.listeners(), clusters);
    }

    /** Knows the answer to no challenge. */
    private static final class NoChallenges implements ChallengeResponder {
        @Override
        public Optional<String> httpChallenge(String host, String token) {
            return Optional.empty();
        }

        @Override
        public Optional<Certificate> tlsChallenge(String serverName) {
            return Optional.empty();
        }
    }

    private final class OriginConnector implements Connector {
        @Override
        public void connect(Endpoint endpoint, LoopContext ofLoop, ClientConnection.Events events, Outcome outcome) {
            ofLoop.eventLoop().execute(() -> {
                Http1ClientConnection connection = new Http1ClientConnection(ofLoop, events, Http1Limits.defaults());
                origin.pipeline().addLast(connection);
                outcome.onConnected(connection);
            });
        }

        @Override
        public int expectedCapacity() {
            return 1;
        }
    }

    /** Makes the client one of HTTP/1.1. */
    void speakHttp1() {
        client.pipeline()
                .addLast(new Http1ServerConnection(loop, new EmbeddedConnection(), conductor, Http1Limits.defaults()));
    }

    /** Makes the client one of HTTP/2. */
    void speakHttp2() {
        client.pipeline()
                .addLast(new Http2ServerConnection(loop, new EmbeddedConnection(), conductor, Http2Limits.defaults()));
    }

    /** Lets octets come from the client; returns how many then went to the origin. */
    int fromClient(ByteBuf octets) {
        return pass(client, octets, origin);
    }

    /** Lets octets come from the client; returns how many were then its answer. */
    int answerTo(ByteBuf octets) {
        return pass(client, octets, client);
    }

    /** Lets octets come from the origin; returns how many then went to the client. */
    int fromOrigin(ByteBuf octets) {
        return pass(origin, octets, client);
    }

    private int pass(EmbeddedChannel source, ByteBuf octets, EmbeddedChannel target) {
        source.pipeline().fireChannelRead(octets.resetReaderIndex().retain());
        source.pipeline().fireChannelReadComplete();
        client.runPendingTasks();
        return drain(target);
    }

    private static int drain(EmbeddedChannel channel) {
        int octets = 0;
        for (ByteBuf data = channel.readOutbound(); data != null; data = channel.readOutbound()) {
            octets += data.readableBytes();
            data.release();
        }
        return octets;
    }

    @Override
    public void close() {
        client.finishAndReleaseAll();
        origin.finishAndReleaseAll();
        CompletableFuture.runAsync(plane::sequentialClose, control).join();
        control.shutdown();
        dns.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
