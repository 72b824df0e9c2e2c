package io.lb4j.internal.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.model.Endpoint;
import io.lb4j.testkit.net.ReservedPort;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TcpProberTest {
    private static final MultiThreadIoEventLoopGroup GROUP =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private final TcpProber prober = new TcpProber(new Bootstrap().group(GROUP).channel(NioSocketChannel.class));

    @AfterAll
    static void closeLoops() {
        GROUP.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Prober.Result probe(int port) throws Exception {
        CompletableFuture<Prober.Result> result = new CompletableFuture<>();
        prober.begin(Endpoint.of("127.0.0.1", port), result::complete);
        return result.get(30, TimeUnit.SECONDS);
    }

    @Test
    void passesWhoAcceptsAndClosesTheConnection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(probe(server.getLocalPort()).passed()).isTrue();

            try (Socket accepted = server.accept()) {
                accepted.setSoTimeout(10_000);
                assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void failsWhoRefuses() throws Exception {
        try (ReservedPort silent = ReservedPort.any()) {
            Prober.Result result = probe(silent.port());

            assertThat(result.passed()).isFalse();
            assertThat(result.reason()).containsIgnoringCase("refused");
        }
    }

    @Test
    void closesTheSocketAndReportsNothingWhenItIsCancelled() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket first = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket second = new Socket(server.getInetAddress(), server.getLocalPort())) {
            // With the backlog full, the next attempt hangs until it is given up.
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            AtomicReference<Channel> made = new AtomicReference<>();
            Prober hanging = new TcpProber(new Bootstrap().group(GROUP).channelFactory(() -> {
                made.set(new NioSocketChannel());
                return made.get();
            }));
            CompletableFuture<Prober.Result> result = new CompletableFuture<>();

            Prober.Probe probe = hanging.begin(Endpoint.of("127.0.0.1", server.getLocalPort()), result::complete);
            assertThat(made.get().isOpen()).isTrue();
            probe.cancel();

            await().until(() -> !made.get().isOpen());
            assertThat(result).isNotDone();
        }
    }
}
