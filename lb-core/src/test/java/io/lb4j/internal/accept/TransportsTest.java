package io.lb4j.internal.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransportsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void neverChoosesIoUringByItself() {
        assertThat(TransportKind.automatic()).isNotEqualTo(TransportKind.IO_URING);
    }

    @Test
    void choosesTheNativeTransportWhereThereIsOne() {
        assumeThat(TransportKind.EPOLL.isAvailable()).isTrue();
        assertThat(TransportKind.automatic()).isEqualTo(TransportKind.EPOLL);
    }

    @Test
    void namesTheCauseWhenAForcedTransportIsAbsent() {
        assumeThat(TransportKind.KQUEUE.isAvailable()).isFalse();
        TransportSettings settings = TransportSettings.defaults().withKind(TransportKind.KQUEUE);
        assertThatThrownBy(() -> Transports.open(settings))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("transport: kqueue is not available here: ")
                .hasMessageContaining("(expected: a transport that this platform has")
                .cause()
                .isNotNull();
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void leavesNoThreadBehind(TransportKind kind) throws InterruptedException {
        assumeThat(kind.isAvailable()).isTrue();
        String prefix = "closing-" + kind + "-";
        Transports transports = Transports.open(new TransportSettings(Optional.of(kind), 3, prefix, false));
        CountDownLatch ran = new CountDownLatch(3);
        transports.loops().forEach(loop -> loop.eventLoop().execute(ran::countDown));
        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(threadsNamed(prefix)).isEqualTo(3);

        assertThat(transports.close(SOON)).isTrue();

        assertThat(threadsNamed(prefix)).isZero();
    }

    @Test
    void closesTwice() {
        Transports transports = Transports.open(TransportSettings.defaults().withLoops(1));
        assertThat(transports.close(SOON)).isTrue();
        assertThat(transports.close(SOON)).isTrue();
    }

    @Test
    void closesItsChannelsEvenIfALoopIsBusyWhenItIsToldToEnd() throws IOException {
        Transports transports = Transports.open(TransportSettings.defaults().withLoops(1));
        EventLoop loop = transports.loops().get(0).eventLoop();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Channel channel = new Bootstrap()
                    .group(loop)
                    .channelFactory(transports.kind()::socket)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(server.getLocalSocketAddress())
                    .syncUninterruptibly()
                    .channel();
            loop.execute(() -> {
                while (!loop.isShuttingDown()) {
                    Thread.onSpinWait();
                }
            });

            assertThat(transports.close(SOON)).isTrue();

            assertThat(channel.isOpen()).isFalse();
            assertThat(channel.isRegistered()).isFalse();
        }
    }

    @Test
    void tellsWhenALoopDoesNotEndInTime() {
        Transports transports = Transports.open(TransportSettings.defaults().withLoops(1));
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        transports.loops().get(0).eventLoop().execute(() -> {
            blocked.countDown();
            await(release);
        });
        await(blocked);
        assertThat(transports.close(Duration.ofMillis(50))).isFalse();
        release.countDown();
        assertThat(transports.close(SOON)).isTrue();
    }

    @Test
    void givesEachLoopItsIndex() {
        Transports transports = Transports.open(TransportSettings.defaults().withLoops(2));
        assertThat(transports.loops()).extracting(loop -> loop.index()).containsExactly(0, 1);
        assertThat(transports.nextLoop()).isNotSameAs(transports.nextLoop());
        transports.close(SOON);
    }

    @Test
    void refusesToHaveNoLoop() {
        assertThatThrownBy(() -> TransportSettings.defaults().withLoops(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("event loops: 0 (expected: >= 1)");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long threadsNamed(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }
}
