package io.lb4j.internal.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** A transport with two loops and a listener on 127.0.0.1. When it is closed, nothing of either may be left. */
final class TestListener implements AutoCloseable {
    private final Transports transports;
    private final Acceptor acceptor;

    private TestListener(Transports transports, Acceptor acceptor) {
        this.transports = transports;
        this.acceptor = acceptor;
    }

    static TestListener open(ConnectionPolicy policy, ServerProtocols protocols) {
        return open(TransportKind.automatic(), policy, protocols);
    }

    static TestListener open(TransportKind kind, ConnectionPolicy policy, ServerProtocols protocols) {
        return open(kind, ListenerSettings.of("test", loopback(0)), policy, protocols);
    }

    static TestListener open(
            TransportKind kind, ListenerSettings settings, ConnectionPolicy policy, ServerProtocols protocols) {
        Transports transports =
                Transports.open(TransportSettings.defaults().withLoops(2).withKind(kind));
        try {
            BoundAddress address = BoundAddress.bind(settings, transports)
                    .toCompletableFuture()
                    .join();
            Acceptor acceptor = new Acceptor(settings.name(), address, policy, protocols);
            acceptor.begin();
            return new TestListener(transports, acceptor);
        } catch (CompletionException e) {
            transports.close(Duration.ofSeconds(30));
            throw e;
        }
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    Acceptor acceptor() {
        return acceptor;
    }

    Transports transports() {
        return transports;
    }

    int port() {
        return acceptor.address().localAddress().getPort();
    }

    AcceptStatistics statistics() {
        return acceptor.counters().snapshot();
    }

    @Override
    public void close() {
        acceptor.stopAccepting().toCompletableFuture().join();
        assertThat(acceptor.closeAll().toCompletableFuture())
                .as("every connection has gone")
                .succeedsWithin(30, TimeUnit.SECONDS);
        assertThat(transports.close(Duration.ofSeconds(30)))
                .as("every thread has ended")
                .isTrue();
    }
}
