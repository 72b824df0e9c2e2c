package io.lb4j.internal.codec.http1;

import static io.lb4j.internal.codec.http1.Lines.crlf;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lb4j.internal.loop.LoopContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What a request costs in objects. Leak detection is off meanwhile, for it makes an object for each buffer; so the class runs alone.
 */
@Isolated
class AllocationTest {
    private static final int WARM_UP = 30_000;
    private static final int MEASURED = 20_000;

    /**
     * The text of the target, an exchange on each side, the relay's own objects, and what Netty makes of a buffer on a thread that is no
     * event loop: about 600, and some slack. One object for each field would be past it. Where Netty goes without Unsafe, as it does from JDK 24 on,
     * its buffers take some 200 more.
     */
    private static final long MAX_OCTETS = PlatformDependent.hasUnsafe() ? 800 : 1_000;

    private static final byte[] REQUEST = crlf("""
        GET /some/path?with=query HTTP/1.1
        Host: www.example.com
        User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
        Accept-Language: en-US,en;q=0.5
        Accept-Encoding: gzip, deflate, br
        Connection: keep-alive
        Cookie: session=0123456789abcdef0123456789abcdef

        """).getBytes(StandardCharsets.ISO_8859_1);

    private static final byte[] RESPONSE = crlf("""
        HTTP/1.1 200 OK
        Server: endpoint
        Date: Thu, 01 Jan 2026 00:00:00 GMT
        Content-Type: application/json
        Content-Length: 13
        Connection: keep-alive

        {"some":"x"}.\
        """).getBytes(StandardCharsets.ISO_8859_1);

    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private final EmbeddedChannel client = new EmbeddedChannel();
    private final EmbeddedChannel endpoint = new EmbeddedChannel();
    private ByteBuf request = Unpooled.EMPTY_BUFFER;
    private ByteBuf response = Unpooled.EMPTY_BUFFER;

    @BeforeEach
    void connect() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        request = Unpooled.directBuffer().writeBytes(REQUEST);
        response = Unpooled.directBuffer().writeBytes(RESPONSE);
        client.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        endpoint.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        Relay relay = new Relay(new LoopContext(client.eventLoop(), 0), (loop, events, onConnected) -> {
            LoopContext other = new LoopContext(endpoint.eventLoop(), 1);
            Http1ClientConnection connection = new Http1ClientConnection(other, events, Http1Limits.defaults());
            endpoint.pipeline().addLast(connection);
            onConnected.accept(connection);
        });
        LoopContext loop = new LoopContext(client.eventLoop(), 0);
        client.pipeline().addLast(new Http1ServerConnection(loop, new TestConnection(), relay, Http1Limits.defaults()));
    }

    @AfterEach
    void disconnect() {
        client.finishAndReleaseAll();
        endpoint.finishAndReleaseAll();
        request.release();
        response.release();
        ResourceLeakDetector.setLevel(level);
    }

    private void exchange() {
        client.writeInbound(request.resetReaderIndex().retain());
        endpoint.runPendingTasks();
        drain(endpoint);
        endpoint.writeInbound(response.resetReaderIndex().retain());
        client.runPendingTasks();
        drain(client);
    }

    private static void drain(EmbeddedChannel channel) {
        int pieces = 0;
        for (ByteBuf data = channel.readOutbound(); data != null; data = channel.readOutbound()) {
            data.release();
            pieces++;
        }
        if (pieces != 1) {
            throw new AssertionError("pieces: " + pieces + " (expected: 1)");
        }
    }

    @Test
    void makesFewObjectsForARequest() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < WARM_UP; i++) {
            exchange();
        }
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < MEASURED; i++) {
            exchange();
        }
        long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());

        assertThat((after - before) / MEASURED).as("octets per request").isLessThan(MAX_OCTETS);
    }
}
