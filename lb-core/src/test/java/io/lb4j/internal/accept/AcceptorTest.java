package io.lb4j.internal.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.http.Version;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.net.Dial;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AcceptorTest {
    private final RecordingProtocols protocols = new RecordingProtocols();

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void servesOverEveryTransport(TransportKind kind) {
        assumeThat(kind.isAvailable()).isTrue();
        try (TestListener listener = TestListener.open(kind, ConnectionPolicy.plain(), protocols);
                RawClient client = RawClient.connect(listener.port())) {
            client.send("GET /");
            assertThat(client.read(6)).isEqualTo("1GET /".getBytes(US_ASCII));
        }
    }

    @Test
    void tellsWhatIsKnownOfAConnection() {
        try (TestListener listener = TestListener.open(ConnectionPolicy.plain(), protocols);
                RawClient client = RawClient.connect(listener.port())) {
            exchangeOctets(client);
            RecordingProtocols.Codec codec = protocols.codecs().get(0);
            assertThat(codec.connection.listener()).isEqualTo("test");
            assertThat(codec.connection.localAddress())
                    .isEqualTo(listener.acceptor().address().localAddress());
            assertThat(((InetSocketAddress) codec.connection.remoteAddress()).getPort())
                    .isNotEqualTo(listener.port())
                    .isPositive();
            assertThat(codec.connection.version()).isEqualTo(Version.HTTP_1_1);
            assertThat(codec.connection.tls()).isEmpty();
            assertThat(codec.connection.isAuthoritativeFor("anything")).isTrue();
            assertThat(codec.channel.config().getWriteBufferHighWaterMark()).isEqualTo(48 * 1024);
        }
    }

    @Test
    void spreadsConnectionsOverTheLoops() {
        List<RawClient> clients = new ArrayList<>();
        try (TestListener listener = TestListener.open(ConnectionPolicy.plain(), protocols)) {
            for (int i = 0; i < 6; i++) {
                RawClient client = RawClient.connect(listener.port());
                clients.add(client);
                exchangeOctets(client);
            }
            assertThat(protocols.codecs().stream().filter(codec -> codec.loop.index() == 0))
                    .hasSize(3);
            assertThat(protocols.codecs())
                    .allMatch(codec ->
                            codec.thread != null && codec.thread.getName().equals("lb4j-loop-" + codec.loop.index()));
            assertThat(protocols.codecs().stream().map(codec -> codec.connection.id()))
                    .doesNotHaveDuplicates();
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void listensOnASocketForEachLoopWithEpoll() {
        assumeThat(TransportKind.EPOLL.isAvailable()).isTrue();
        ListenerSettings settings = new ListenerSettings("shared", TestListener.loopback(0), 64, true);
        List<RawClient> clients = new ArrayList<>();
        try (TestListener listener =
                TestListener.open(TransportKind.EPOLL, settings, ConnectionPolicy.plain(), protocols)) {
            // The kernel spreads by a hash of the addresses: among 40 connections both loops have some.
            for (int i = 0; i < 40; i++) {
                RawClient client = RawClient.connect(listener.port());
                clients.add(client);
                exchangeOctets(client);
            }
            assertThat(protocols.codecs().stream().map(codec -> codec.loop.index()))
                    .contains(0, 1);
            assertThat(listener.statistics().active()).isEqualTo(40);
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void refusesASocketForEachLoopWithoutEpoll() {
        ListenerSettings settings = new ListenerSettings("shared", TestListener.loopback(0), 64, true);
        Transports transports =
                Transports.open(new TransportSettings(Optional.of(TransportKind.NIO), 1, "no-reuse-port-", false));
        assertThatThrownBy(() -> BoundAddress.bind(settings, transports))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("listener shared: a socket per event loop with NIO (expected: epoll)");
        transports.close(Duration.ofSeconds(30));
    }

    @Test
    void namesListenerAndAddressWhenItCannotBind() {
        try (TestListener first = TestListener.open(ConnectionPolicy.plain(), protocols)) {
            ListenerSettings taken = ListenerSettings.of("web", TestListener.loopback(first.port()));
            assertThatThrownBy(() -> BoundAddress.bind(taken, first.transports())
                            .toCompletableFuture()
                            .get())
                    .cause()
                    .isInstanceOf(BindException.class)
                    .hasMessageStartingWith("listener web: cannot listen on ")
                    .hasMessageContaining(String.valueOf(first.port()))
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void closesAConnectionBeyondTheLimitOfTheListenerAtOnce() {
        try (TestListener listener = TestListener.open(limited(2, OptionalInt.empty()), protocols);
                RawClient first = RawClient.connect(listener.port());
                RawClient second = RawClient.connect(listener.port())) {
            exchangeOctets(first);
            exchangeOctets(second);
            try (RawClient third = RawClient.connect(listener.port())) {
                third.expectClose();
            }
            assertThat(listener.statistics().refusedByListener()).isEqualTo(1);
            assertThat(listener.statistics().accepted()).isEqualTo(2);
            first.abort();
            await().until(() -> listener.statistics().active() == 1);
            try (RawClient fourth = RawClient.connect(listener.port())) {
                exchangeOctets(fourth);
            }
        }
    }

    @Test
    void limitsTheConnectionsOfOneClientAndNotOfAnother() {
        try (TestListener listener = TestListener.open(limited(100, OptionalInt.of(1)), protocols);
                RawClient first = RawClient.connect(listener.port())) {
            exchangeOctets(first);
            try (RawClient second = RawClient.connect(listener.port())) {
                second.expectClose();
            }
            try (RawClient other = RawClient.connect(Dial.to(listener.port()).from("127.0.0.7"))) {
                exchangeOctets(other);
            }
            assertThat(listener.statistics().refusedByClient()).isEqualTo(1);
            first.abort();
            await().until(() -> listener.acceptor().admission().clients() == 0);
            try (RawClient again = RawClient.connect(listener.port())) {
                exchangeOctets(again);
            }
        }
    }

    @Test
    void takesConnectionsByAChangedPolicy() {
        try (TestListener listener = TestListener.open(ConnectionPolicy.plain(), protocols);
                RawClient before = RawClient.connect(listener.port())) {
            exchangeOctets(before);
            listener.acceptor().apply(limited(1, OptionalInt.empty()));
            try (RawClient after = RawClient.connect(listener.port())) {
                after.expectClose();
            }
            before.send("y");
            assertThat(before.read(1)).isEqualTo("y".getBytes(US_ASCII));
        }
    }

    @Test
    void countsTheOctetsOfEveryConnection() {
        try (TestListener listener = TestListener.open(ConnectionPolicy.plain(), protocols);
                RawClient client = RawClient.connect(listener.port())) {
            byte[] large = new byte[300_000];
            client.send(large);
            assertThat(client.read(300_001)).hasSize(300_001);
            assertThat(listener.statistics().bytesRead()).isEqualTo(300_000);
            assertThat(listener.statistics().bytesWritten()).isEqualTo(300_001);
        }
    }

    @Test
    void waitsBeforeItAcceptsAgainWhenDescriptorsHaveRunOut() {
        try (TestListener listener = TestListener.open(ConnectionPolicy.plain(), protocols)) {
            var socket = listener.acceptor().address().sockets().get(0);
            socket.pipeline().fireExceptionCaught(new IOException("Too many open files"));
            await().until(() -> !socket.config().isAutoRead());
            assertThat(listener.statistics().pauses()).isEqualTo(1);
            try (RawClient client = RawClient.connect(listener.port())) {
                exchangeOctets(client); // once the pause is over
            }
            assertThat(socket.config().isAutoRead()).isTrue();
        }
    }

    @Test
    void acceptsNoMoreButLeavesConnectionsAloneWhenItStops() {
        try (TestListener listener = TestListener.open(ConnectionPolicy.plain(), protocols);
                RawClient client = RawClient.connect(listener.port())) {
            exchangeOctets(client);
            List<Channel> sockets = List.copyOf(listener.acceptor().address().sockets());
            listener.acceptor().stopAccepting().toCompletableFuture().join();
            assertThat(sockets).isNotEmpty().noneMatch(Channel::isOpen); // the port may be somebody else's by now
            client.send("z");
            assertThat(client.read(1)).isEqualTo("z".getBytes(US_ASCII));
        }
    }

    @Test
    void handsItsSocketsToAnotherWithoutRefusingAClient() {
        RecordingProtocols others = new RecordingProtocols();
        try (TestListener listener = TestListener.open(ConnectionPolicy.plain(), protocols);
                RawClient before = RawClient.connect(listener.port())) {
            exchangeOctets(before);
            Acceptor successor = new Acceptor("next", listener.acceptor().address(), ConnectionPolicy.plain(), others);

            successor.begin();
            listener.acceptor().stopAccepting().toCompletableFuture().join();

            try (RawClient after = RawClient.connect(listener.port())) {
                exchangeOctets(after);
            }
            assertThat(others.codecs().get(0).connection.listener()).isEqualTo("next");
            exchangeOctetsAgain(before);
            List<Channel> sockets = List.copyOf(successor.address().sockets());
            successor.stopAccepting().toCompletableFuture().join();
            assertThat(sockets).isNotEmpty().noneMatch(Channel::isOpen);
            successor.closeAll().toCompletableFuture().join();
        }
    }

    @Test
    void takesClientsThatConnectedBeforeItBegan() {
        Transports transports =
                Transports.open(TransportSettings.defaults().withLoops(1).withKind(TransportKind.NIO));
        BoundAddress address = BoundAddress.bind(ListenerSettings.of("test", TestListener.loopback(0)), transports)
                .toCompletableFuture()
                .join();
        Acceptor acceptor = new Acceptor("test", address, ConnectionPolicy.plain(), protocols);
        try (RawClient early = RawClient.connect(address.localAddress().getPort())) {
            early.send("x");
            acceptor.begin();

            assertThat(early.read(2)).isEqualTo("1x".getBytes(US_ASCII));
        } finally {
            acceptor.stopAccepting()
                    .thenCompose(Acceptor::closeAll)
                    .toCompletableFuture()
                    .join();
            transports.close(Duration.ofSeconds(30));
        }
    }

    @Test
    void drainsConnectionsAndIsIdleWhenTheLastHasClosed() {
        try (TestListener listener = TestListener.open(ConnectionPolicy.plain(), protocols);
                RawClient busy = RawClient.connect(listener.port());
                RawClient undecided = RawClient.connect(listener.port())) {
            exchangeOctets(busy);
            undecided.send("PRI");
            await().until(() -> listener.statistics().active() == 2);
            listener.acceptor().stopAccepting().toCompletableFuture().join();

            var idle = listener.acceptor().drain().toCompletableFuture();

            undecided.expectClose();
            await().until(() -> protocols.codecs().get(0).drained);
            assertThat(idle).isNotDone();
            busy.abort();
            assertThat(idle).succeedsWithin(30, TimeUnit.SECONDS);
            assertThat(listener.statistics().active()).isZero();
        }
    }

    @Test
    void isIdleAtOnceWithoutConnections() {
        try (TestListener listener = TestListener.open(ConnectionPolicy.plain(), protocols)) {
            listener.acceptor().stopAccepting().toCompletableFuture().join();
            assertThat(listener.acceptor().drain().toCompletableFuture()).succeedsWithin(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void takesHalfOfTheDescriptorsAtMostByDefault() {
        long descriptors = FileDescriptors.limit().orElse(Long.MAX_VALUE);
        assertThat((long) ConnectionLimits.defaults().perListener())
                .isPositive()
                .isLessThanOrEqualTo(descriptors / 2);
        assertThat(ConnectionLimits.defaults().perListener()).isLessThanOrEqualTo(100_000);
    }

    private static ConnectionPolicy limited(int perListener, OptionalInt perClient) {
        return new ConnectionPolicy(
                Set.of(Version.HTTP_1_1, Version.HTTP_2),
                new ConnectionLimits(perListener, perClient),
                Duration.ofSeconds(10),
                Optional.empty(),
                List.of());
    }

    private static void exchangeOctetsAgain(RawClient client) {
        client.send("y");
        assertThat(client.read(1)).isEqualTo("y".getBytes(US_ASCII));
    }

    private static void exchangeOctets(RawClient client) {
        client.send("x");
        assertThat(client.read(2)).isEqualTo("1x".getBytes(US_ASCII));
    }
}
