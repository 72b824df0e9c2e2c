package io.lb4j.http3;

import io.lb4j.config.Settings;
import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.Certificates;
import io.lb4j.spi.Transport;
import io.lb4j.spi.TransportTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.codec.quic.QuicCodecDispatcher;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.handler.codec.quic.QuicResetTokenGenerator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/3 that is bound: a socket for each event loop on one port, among which the kernel spreads clients; packets of a connection that has come to
 * another socket, after its client has moved, find their loop by its connection id. Another can be bound on the same port, with other options: both are {@link Generations} of it.
 * Thread-safe.
 */
final class Http3Listener implements Transport.Binding {
    private static final int RECEIVE_BUFFER_OCTETS = 1 << 20;

    private final Http3Plan plan;
    private final InetSocketAddress address;
    private final Optional<CertificateSource> ownCertificates;
    private final Optional<ListenerResets> resets;
    private final Generations generations;
    private final Generation generation;
    private final List<Http3Loop> loops = new ArrayList<>(); // written while it is made, and never again
    private final List<DatagramChannel> sockets = new ArrayList<>(); // as these
    private volatile boolean isShareable; // whether others can be bound on the port
    private volatile boolean isFollowed; // by one that has begun
    private @Nullable Http3Listener former; // until this begins; confined to the control thread

    /** What a listener is bound with that is to be closed with it. */
    private record Made(QuicTls tls, Optional<CertificateSource> ownCertificates, Optional<ListenerResets> resets) {
        static Made of(Transport.Context context, Settings settings, QuicTls.EarlyData earlyData) throws IOException {
            TransportTls tls =
                    context.tls().orElseThrow(() -> new IOException("h3: no TLS (expected: a listener with TLS)"));
            Optional<ListenerResets> resets =
                    ListenerResets.of(settings, context.listener().name());
            Optional<CertificateSource> own = settings.find(Http3Options.CERT_FILE)
                    .map(chain -> Certificates.pem(chain, settings.value(Http3Options.KEY_FILE)));
            QuicTls.Certificates certificates =
                    own.<QuicTls.Certificates>map(source -> source::cached).orElse(tls::certificate);
            QuicTls contexts = new QuicTls(tls, certificates, earlyData);
            own.ifPresent(source -> source.start(contexts::refresh));
            return new Made(contexts, own, resets);
        }
    }

    private Http3Listener(Http3Plan plan, Made made, Generations generations) {
        this.plan = plan;
        this.generations = generations;
        ownCertificates = made.ownCertificates();
        resets = made.resets();
        address = address(plan.context(), plan.settings());
        ConnectionIds ids = generations.newIds();
        List<Junction> junctions = new ArrayList<>();
        List<EventLoop> eventLoops = plan.context().eventLoops();
        for (int i = 0; i < eventLoops.size(); i++) {
            Http3Loop loop = new Http3Loop(plan, eventLoops.get(i));
            loops.add(loop);
            junctions.add(new Junction(generations, ids, loop.detours(), new Junction.Place(eventLoops, i)));
        }
        generation = new Generation(ids, junctions);
    }

    private static InetSocketAddress address(Transport.Context context, Settings settings) {
        InetSocketAddress tcp = context.address();
        return settings.find(Http3Options.PORT)
                .map(port -> new InetSocketAddress(tcp.getAddress(), port))
                .orElse(tcp);
    }

    static Http3Listener bind(Transport.Context context, Settings settings) throws IOException {
        Made made =
                Made.of(context, settings, new QuicTls.EarlyData(settings.value(Http3Options.EARLY_DATA), Set.of()));
        return bind(new Http3Listener(Http3Plan.of(context, settings, made.tls()), made, new Generations()), false);
    }

    /**
     * Binds what comes after this: on the same port beside it, or on another. It takes over what is counted and what is bounded for all.
     *
     * @return empty where a port cannot be shared
     */
    Optional<Http3Listener> successor(Transport.Context context, Settings settings) throws IOException {
        boolean isBeside = address(context, settings).equals(address);
        if (isBeside
                && !(isShareable && context.eventLoops().equals(plan.context().eventLoops()))) {
            return Optional.empty();
        }
        boolean isLessGranted = RememberedLimits.of(settings).areLessThan(RememberedLimits.of(plan.settings()));
        Made made = Made.of(
                context, settings, plan.tls().nextEarlyData(settings.value(Http3Options.EARLY_DATA), isLessGranted));
        Http3Plan next = plan.successor(context, settings, made.tls());
        Http3Listener successor = new Http3Listener(next, made, isBeside ? generations : new Generations());
        successor.former = this;
        return Optional.of(bind(successor, isBeside));
    }

    private static Http3Listener bind(Http3Listener listener, boolean isBeside) throws IOException {
        try {
            listener.bindAll(isBeside);
        } catch (IOException | RuntimeException e) {
            listener.close().toCompletableFuture().join();
            throw e;
        }
        return listener;
    }

    private void bindAll(boolean isBeside) throws IOException {
        generations.join(generation);
        Dispatcher dispatcher = new Dispatcher();
        boolean sharesAtOnce = isBeside || loops.size() > 1;
        for (int i = 0; i < loops.size(); i++) {
            DatagramChannel socket = plan.context().datagramChannels().newChannel();
            sockets.add(socket);
            configure(socket);
            install(socket, loops.get(i), generation.junctions().get(i), dispatcher);
            loops.get(i).eventLoop().register(socket).syncUninterruptibly();
            isShareable = sharesAtOnce && share(socket);
            if (sharesAtOnce && !isShareable) {
                throw new IOException("h3: no SO_REUSEPORT here (expected: it, or process.event_loops: 1)");
            }
            ChannelFuture bound = socket.bind(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new IOException("h3: cannot bind " + address + " for UDP", bound.cause());
            }
        }
        if (!sharesAtOnce) {
            isShareable = share(sockets.get(0)); // only now: a port that somebody else has was to be found out
        }
        if (isBeside) {
            read(); // the kernel hands it what is for the others
        }
    }

    private void install(DatagramChannel socket, Http3Loop loop, Junction junction, Dispatcher dispatcher) {
        socket.pipeline()
                .addLast(
                        ManyPackets.send(
                                socket, loop.eventLoop(), plan.settings().value(Http3Options.GSO), plan.figures()),
                        PacketSplitter.INSTANCE,
                        new PacketGuard(ConnectionIds.OCTETS, plan.figures()),
                        junction,
                        new EarlyPackets(loop));
        resets.ifPresent(answers -> socket.pipeline().addLast(answers.answers(generation.ids(), plan.figures())));
        socket.pipeline().addLast(dispatcher);
    }

    private static void configure(DatagramChannel socket) {
        socket.config().setAutoRead(false); // what comes before it begins waits in the kernel, as it does for TCP
        socket.config().setOption(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_OCTETS);
        ManyPackets.receive(socket);
    }

    private static boolean share(DatagramChannel socket) {
        return socket.config().setOption(UnixChannelOption.SO_REUSEPORT, true)
                || socket.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
    }

    private void read() {
        sockets.forEach(socket -> socket.config().setAutoRead(true));
    }

    /** Gives each socket its codec, and each packet its loop. Thread-safe once all sockets are there. */
    private final class Dispatcher extends QuicCodecDispatcher {
        private final byte[] tokenKey = generations.tokenKey();
        private final ServerCodecs codecs =
                new ServerCodecs(plan.settings(), plan.listener().name());

        Dispatcher() {
            super(ConnectionIds.OCTETS);
        }

        @Override
        protected QuicConnectionIdGenerator newIdGenerator(int index) {
            return generation.ids().ofLoop(index);
        }

        @Override
        protected void initChannel(Channel socket, int connectionIdLength, QuicConnectionIdGenerator made) {
            RetryTokens proofs = new RetryTokens(
                    tokenKey, connectionIdLength, retryRequired(), System::currentTimeMillis, plan.figures());
            int index = sockets.indexOf(socket);
            Http3Loop loop = loops.get(index);
            ServerCodecs.Socket wanted = new ServerCodecs.Socket(
                    sockets.get(index),
                    loop,
                    new ServerCodecs.Ids(
                            loop.detours().learning(made), proofs, QuicResetTokenGenerator.signGenerator()));
            socket.pipeline()
                    .addLast(
                            loop.strangers(),
                            loop.detours(),
                            resets.map(tokens -> tokens.codec(codecs, wanted)).orElseGet(() -> codecs.quic(wanted)),
                            Unheard.FAILURES);
        }
    }

    private BooleanSupplier retryRequired() {
        int handshakes = plan.settings().value(Http3Options.RETRY_HANDSHAKES);
        return switch (plan.settings().value(Http3Options.RETRY)) {
            case NEVER -> () -> false;
            case ALWAYS -> () -> true;
            case UNDER_LOAD -> () -> plan.figures().value(Figure.HANDSHAKES_OPEN) >= handshakes;
        };
    }

    @Override
    public void begin() {
        generation.begin();
        read();
        if (former != null) {
            former.isFollowed = true;
            former = null;
        }
    }

    @Override
    public String altSvc() {
        return Http3.NAME + "=\":" + address.getPort() + '"';
    }

    @Override
    public CompletionStage<?> drain() {
        Consumer<Http3ServerConnection> goodbye =
                isFollowed ? Http3ServerConnection::giveWay : Http3ServerConnection::drain;
        return all(loops.stream().map(loop -> loop.drain(goodbye)).toList());
    }

    @Override
    public CompletionStage<?> close() {
        List<CompletableFuture<Void>> closed = new ArrayList<>();
        for (int i = 0; i < sockets.size(); i++) {
            closed.add(loops.get(i).close(sockets.get(i)));
        }
        return all(closed).whenComplete((ignored, failure) -> {
            generations.leave(generation);
            plan.tls().close();
            ownCertificates.ifPresent(CertificateSource::close);
        });
    }

    private static CompletableFuture<Void> all(List<CompletableFuture<Void>> stages) {
        return CompletableFuture.allOf(stages.toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public Optional<String> trouble() {
        return plan.tls().isReady() ? Optional.empty() : Optional.of("certificate: none (expected: one)");
    }

    @Override
    public Map<String, Long> figures() {
        Map<String, Long> figures = plan.figures().snapshot(Figure.ofClients());
        figures.put(Figure.OCTETS_WAITING.text(), plan.buffered().get());
        figures.put(Figure.OCTETS_KEPT.text(), plan.kept().get());
        plan.meters().addTo(figures);
        return figures;
    }
}
