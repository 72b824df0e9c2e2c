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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * HTTP/3 that is bound: a socket for each event loop on one port, among which the kernel spreads clients; packets of a connection that has come to
 * another socket, after its client has moved, find their loop by its connection id. Thread-safe.
 */
final class Http3Listener implements Transport.Binding {
    private static final int RECEIVE_BUFFER_OCTETS = 1 << 20;

    private final Http3Plan plan;
    private final InetSocketAddress address;
    private final Optional<CertificateSource> ownCertificates;
    private final ConnectionIds ids = new ConnectionIds();
    private final Optional<ListenerResets> resets;
    private final List<Http3Loop> loops = new ArrayList<>();
    private final List<DatagramChannel> sockets = new ArrayList<>(); // written while it is bound, and never again

    private Http3Listener(
            Http3Plan plan, Optional<CertificateSource> ownCertificates, Optional<ListenerResets> resets) {
        this.plan = plan;
        this.ownCertificates = ownCertificates;
        this.resets = resets;
        InetSocketAddress tcp = plan.context().address();
        address = plan.settings()
                .find(Http3Options.PORT)
                .map(port -> new InetSocketAddress(tcp.getAddress(), port))
                .orElse(tcp);
    }

    static Http3Listener bind(Transport.Context context, Settings settings) throws IOException {
        TransportTls tls =
                context.tls().orElseThrow(() -> new IOException("h3: no TLS (expected: a listener with TLS)"));
        Optional<ListenerResets> resets =
                ListenerResets.of(settings, context.listener().name());
        Optional<CertificateSource> own = settings.find(Http3Options.CERT_FILE)
                .map(chain -> Certificates.pem(chain, settings.value(Http3Options.KEY_FILE)));
        QuicTls.Certificates certificates =
                own.<QuicTls.Certificates>map(source -> source::cached).orElse(tls::certificate);
        QuicTls contexts = new QuicTls(tls, certificates, settings.value(Http3Options.EARLY_DATA));
        Http3Listener listener = new Http3Listener(
                new Http3Plan(
                        context,
                        settings,
                        contexts,
                        new Figures(),
                        new AtomicLong(),
                        new AtomicLong(),
                        new OpenMeters()),
                own,
                resets);
        own.ifPresent(source -> source.start(contexts::refresh));
        try {
            listener.bindAll();
        } catch (IOException | RuntimeException e) {
            listener.close().toCompletableFuture().join();
            throw e;
        }
        return listener;
    }

    private void bindAll() throws IOException {
        Dispatcher dispatcher = new Dispatcher();
        List<EventLoop> eventLoops = plan.context().eventLoops();
        for (EventLoop eventLoop : eventLoops) {
            Http3Loop loop = new Http3Loop(plan, eventLoop);
            loops.add(loop);
            DatagramChannel socket = plan.context().datagramChannels().newChannel();
            sockets.add(socket);
            configure(socket, eventLoops.size() > 1);
            socket.pipeline()
                    .addLast(
                            ManyPackets.send(
                                    socket, eventLoop, plan.settings().value(Http3Options.GSO), plan.figures()),
                            new PacketGuard(ConnectionIds.OCTETS, plan.figures()),
                            new EarlyPackets(loop));
            resets.ifPresent(answers -> socket.pipeline().addLast(answers.answers(ids, plan.figures())));
            socket.pipeline().addLast(dispatcher);
            eventLoop.register(socket).syncUninterruptibly();
            ChannelFuture bound = socket.bind(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new IOException("h3: cannot bind " + address + " for UDP", bound.cause());
            }
        }
    }

    private static void configure(DatagramChannel socket, boolean shared) throws IOException {
        socket.config().setAutoRead(false); // what comes before it begins waits in the kernel, as it does for TCP
        socket.config().setOption(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_OCTETS);
        ManyPackets.receive(socket);
        if (shared
                && !socket.config().setOption(UnixChannelOption.SO_REUSEPORT, true)
                && !socket.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true)) {
            throw new IOException("h3: no SO_REUSEPORT here (expected: it, or process.event_loops: 1)");
        }
    }

    /** Gives each socket its codec, and each packet its loop. Thread-safe once all sockets are there. */
    private final class Dispatcher extends QuicCodecDispatcher {
        private final byte[] tokenKey = RetryTokens.newKey();
        private final ServerCodecs codecs =
                new ServerCodecs(plan.settings(), plan.listener().name());

        Dispatcher() {
            super(ConnectionIds.OCTETS);
        }

        @Override
        protected QuicConnectionIdGenerator newIdGenerator(int index) {
            return ids.ofLoop(index);
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
        sockets.forEach(socket -> socket.config().setAutoRead(true));
    }

    @Override
    public String altSvc() {
        return Http3.NAME + "=\":" + address.getPort() + '"';
    }

    @Override
    public CompletionStage<?> drain() {
        return all(loops.stream().map(Http3Loop::drain).toList());
    }

    @Override
    public CompletionStage<?> close() {
        List<CompletableFuture<Void>> closed = new ArrayList<>();
        for (int i = 0; i < sockets.size(); i++) {
            closed.add(loops.get(i).close(sockets.get(i)));
        }
        return all(closed).whenComplete((ignored, failure) -> {
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
