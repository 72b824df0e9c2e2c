package io.lb4j.testkit.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import io.lb4j.testkit.net.TcpRelay;
import io.lb4j.testkit.net.UdpRelay;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Isolated("counts what the whole JVM holds")
class ProbesTest {
    private static final Duration SHORT = Duration.ofMillis(30);

    @Test
    void findsAThreadThatStaysAndNamesIt() {
        Threads before = Threads.snapshot();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(() -> awaitQuietly(end), "stays-behind");
        thread.start();

        assertThatThrownBy(() -> before.assertNoneLeft(SHORT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("stays-behind")
                .hasMessageContaining("awaitQuietly");
        before.ignoring("stays-").assertNoneLeft(SHORT);
        end.countDown();
        before.assertNoneLeft();
    }

    @Test
    void findsASocketThatStaysOpen() throws IOException {
        Descriptors before = Descriptors.snapshot();
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.isBound()).isTrue();
            assertThatThrownBy(() -> before.assertNoneLeft(SHORT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("socket:[");
        }
        before.assertNoneLeft();
    }

    @Test
    void findsASelectorThatStaysOpen() throws IOException {
        Descriptors before = Descriptors.snapshot();
        try (Selector selector = Selector.open()) {
            assertThat(selector.isOpen()).isTrue();
            assertThat(before.left()).containsValue("anon_inode:[eventpoll]");
        }
        before.assertNoneLeft();
    }

    @ParameterizedTest
    @MethodSource("allocators")
    void findsABufferThatIsInUse(ByteBufAllocator allocator) {
        TrackedResources before = TrackedResources.snapshot();
        ByteBuf buffer = allocator.directBuffer(100);
        try {
            assertThat(before.left()).isEqualTo(1);
            assertThatThrownBy(() -> before.assertNoneLeft(SHORT)).hasMessageContaining("1 more than");
        } finally {
            buffer.release();
        }
        before.assertNoneLeft();
    }

    static List<ByteBufAllocator> allocators() {
        return List.of(
                PooledByteBufAllocator.DEFAULT, new AdaptiveByteBufAllocator(), UnpooledByteBufAllocator.DEFAULT);
    }

    @Test
    void findsDirectMemoryThatGrows() {
        DirectMemory before = DirectMemory.now();
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(64 << 20);
        try {
            assertThatThrownBy(() -> before.assertNoGrowth(32 << 20, SHORT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("direct memory");
        } finally {
            buffer.release();
        }
        before.assertNoGrowth(32 << 20, Duration.ofSeconds(10));
    }

    @Test
    void theKitItselfLeavesNothingBehind() {
        Threads threads = Threads.snapshot();
        Descriptors descriptors = Descriptors.snapshot();
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                ScriptedH2Upstream h2Upstream =
                        ScriptedH2Upstream.start(script -> script.onAny().stall());
                TcpRelay relay = TcpRelay.to(upstream.address());
                UdpRelay udpRelay = UdpRelay.to(upstream.address());
                RawClient client = RawClient.connect(relay.port());
                RawH2Client h2Client = RawH2Client.connect(h2Upstream.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            h2Client.open(h2Client.head("GET", "/"), true);
            upstream.awaitRequest();
            h2Upstream.awaitStream();
            assertThat(udpRelay.lost()).isZero();
        }

        threads.assertNoneLeft();
        descriptors.assertNoneLeft();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
