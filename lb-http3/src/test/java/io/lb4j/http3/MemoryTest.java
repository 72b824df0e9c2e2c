package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.config.ConfigurationException;
import io.lb4j.http.RequestHead;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.leak.DirectMemory;
import io.lb4j.testkit.time.Aside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What may be kept for one client, and for all: at the limit, and one octet past it. */
@Isolated // reads the memory of the process
final class MemoryTest {
    /** What the octets of packets are taken for that hold none of a stream, where a second passes before a head is whole. */
    private static final int RECKONED = 20_000;

    private static final long EXCESSIVE_LOAD = 0x107;
    private static final int BUFFERED = 64 << 10;

    private static long endOf(H3Client client) {
        return client.ended().orTimeout(30, TimeUnit.SECONDS).join().applicationErrorCode();
    }

    private static Http3 limited(long one, long all) {
        return Http3.of(http3 -> http3.maxBuffered(BUFFERED, BUFFERED).maxMemory(one, all));
    }

    /** Begins a field section that does not end, of so many octets with the frame's head. */
    private static H3Exchange partOfAHead(H3Client client, int octets) {
        byte[] head = {H3Client.HEADERS, (byte) 0x80, 0x03, 0x0d, 0x40}; // of 200,000 octets
        byte[] begun = new byte[octets];
        System.arraycopy(head, 0, begun, 0, head.length);
        return client.open().raw(begun);
    }

    private static void awaitKept(Edge edge, long octets) {
        await().untilAsserted(() -> assertThat(edge.figure(Figure.OCTETS_KEPT)).isEqualTo(octets));
    }

    private static void awaitReckoned(Edge edge, long octets) {
        await().untilAsserted(() -> assertThat(edge.figure(Figure.OCTETS_KEPT)).isBetween(octets, octets + RECKONED));
    }

    private record Overs(List<String> heard) implements Memory.Bounds {
        @Override
        public void onOver(long octets) {
            heard.add("over " + octets);
        }

        @Override
        public void onAllOver() {
            heard.add("all over");
        }
    }

    @Test
    void eachOctetIsCountedForOneAndForAll() {
        AtomicLong all = new AtomicLong(850_000);
        Overs overs = new Overs(new ArrayList<>());
        Memory memory = new Memory(limited(100_000, 900_000).settings(), all, overs);

        memory.add(50_000);
        assertThat(overs.heard()).as("all are at their limit").isEmpty();
        memory.add(1);
        assertThat(overs.heard()).containsExactly("all over");
        all.set(0);
        memory.add(49_999);
        assertThat(overs.heard()).as("this one is at its limit").hasSize(1);
        memory.add(1);
        assertThat(overs.heard()).endsWith("over 100001");
        all.set(memory.octets());
        memory.close();
        memory.add(5);
        assertThat(all).as("what comes after the end").hasValue(0);
    }

    @Test
    void limitsThatContradictOneAnotherAreRefused() {
        assertThatThrownBy(() -> Http3.of(http3 -> http3.maxMemory(1 << 20, 1 << 19)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("max_memory: ")
                .hasMessageContaining("max_memory_total: ");
    }

    @Test
    void headsUnderWayCountAndAreLetGo() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, limited(1_000_000 + RECKONED, 1L << 30))) {
            DirectMemory before = DirectMemory.now();
            for (int round = 1; round <= 10; round++) {
                try (H3Client client = H3Client.connect(edge.port())) {
                    H3Exchange last = partOfAHead(client, 100_000);
                    for (int i = 1; i < 10; i++) {
                        partOfAHead(client, 100_000);
                    }
                    awaitReckoned(edge, 1_000_000);
                    assertThat(client.ended()).as("at the limit").isNotDone();

                    last.raw(new byte[RECKONED + 1]);
                    assertThat(endOf(client)).as("past it").isEqualTo(EXCESSIVE_LOAD);
                    awaitKept(edge, 0);
                    assertThat(edge.figure(Figure.CONNECTIONS_OVER_MEMORY)).isEqualTo(round);
                    assertThat(edge.figure(Figure.CONNECTIONS_OVER_MEMORY_TOTAL))
                            .isZero();
                }
            }
            before.assertNoGrowth(8 << 20, Duration.ofSeconds(10));
        }
    }

    @Test
    void whatIsKeptForAllEndsTheConnectionForWhichItIsMost() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, limited(1_000_000 + RECKONED, 1_000_000 + RECKONED));
                H3Client modest = H3Client.connect(edge.port());
                H3Client greedy = H3Client.connect(edge.port())) {
            H3Exchange last = partOfAHead(modest, 100_000);
            partOfAHead(modest, 100_000);
            for (int i = 0; i < 8; i++) {
                partOfAHead(greedy, 100_000);
            }
            awaitReckoned(edge, 1_000_000);
            assertThat(greedy.ended()).as("at the limit").isNotDone();

            last.raw(new byte[RECKONED + 1]);
            assertThat(endOf(greedy)).as("past it").isEqualTo(EXCESSIVE_LOAD);
            awaitReckoned(edge, 200_001 + RECKONED);
            assertThat(modest.ended()).isNotDone();
            assertThat(edge.figure(Figure.CONNECTIONS_OVER_MEMORY)).isEqualTo(1);
            assertThat(edge.figure(Figure.CONNECTIONS_OVER_MEMORY_TOTAL)).isEqualTo(1);
        }
    }

    /** Holds each request back until it is told otherwise. */
    private static final class Holder implements Plugin {
        private final BlockingQueue<FilterExchange> held = new LinkedBlockingQueue<>();

        @Override
        public String name() {
            return "holder";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Filter filter(FilterExchange made) {
            return new Filter() {
                @Override
                public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                    held.add(exchange);
                    return Verdict.PAUSE;
                }
            };
        }
    }

    @Test
    void requestsThatLieUnreadCountAndEndTheConnection() throws Exception {
        int octets = 1_500_000;
        Holder holder = new Holder();
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                Edge edge = Edge.before(
                        upstream,
                        Http3.of(http3 -> http3.initialMaxData(8 << 20)
                                .initialMaxStreamData(8 << 20)
                                .maxBuffered(BUFFERED, BUFFERED)
                                .maxMemory(2_000_000, 1L << 30)),
                        listener -> {},
                        builder -> builder.plugin(holder, use -> use.timeout(Duration.ofMinutes(1))));
                H3Client client = H3Client.connect(edge.port())) {
            CompletableFuture<H3Answer> answer =
                    CompletableFuture.supplyAsync(() -> client.post("/", new byte[octets]), Aside.THREAD);
            await().untilAsserted(
                            () -> assertThat(edge.figure(Figure.OCTETS_KEPT)).isBetween(octets + 0L, 2_000_000L));
            FilterExchange held = holder.held.poll(30, TimeUnit.SECONDS);
            held.resumeRequest();
            assertThat(answer.get(30, TimeUnit.SECONDS).status())
                    .as("within the limit")
                    .isEqualTo(200);
            awaitKept(edge, 0);

            client.open().head("POST", "/").data(new byte[2_100_000]);
            assertThat(endOf(client)).as("past it").isEqualTo(EXCESSIVE_LOAD);
            awaitKept(edge, 0);
            assertThat(edge.figure(Figure.CONNECTIONS_OVER_MEMORY)).isEqualTo(1);
        }
    }
}
