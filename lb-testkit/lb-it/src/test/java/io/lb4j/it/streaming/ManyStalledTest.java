package io.lb4j.it.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.streaming.BalancerProcess.Memory;
import io.lb4j.it.streaming.Line.Received;
import io.lb4j.testkit.http.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hundreds of exchanges whose bodies nobody takes: each holds no more than it may, and none holds up another. */
@Isolated
@SuppressWarnings("NullAway.Init") // each test begins with start
final class ManyStalledTest {
    private static final long MOST_HELD = 256 << 10; // for an exchange: docs/limits.md
    private static final int STREAMS = 99; // of a connection, beside the one that moves
    private static final int SMALL_RECEIVE_BUFFER = 4_096;
    private static final long MOVING = 4 << 20;
    private static final byte[] OCTETS = Payload.bytes(64 << 10);

    private final AtomicLong written = new AtomicLong();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Client> clients = new ArrayList<>();
    private Origin origin;
    private BalancerProcess balancer;

    /** Which body is the one that nobody takes. */
    enum Way {
        UPLOADS('U'),
        DOWNLOADS('D');

        private final byte wish; // the request's first octet, which tells the endpoint

        Way(char wish) {
            this.wish = (byte) wish;
        }
    }

    /** The sizes, in turn, of the pieces in which a body is written. */
    enum Pieces {
        WHOLE(64 << 10, 64 << 10),
        SMALL(600, 600),
        MIXED(1, 17_000);

        private final int one;
        private final int other;

        Pieces(int one, int other) {
            this.one = one;
            this.other = other;
        }

        int size(int index) {
            return index % 2 == 0 ? one : other;
        }
    }

    @AfterEach
    void stop() {
        over.countDown();
        balancer.close(); // first: to close a client's connection over TLS waits for a write that is stuck
        clients.forEach(Client::close);
        origin.close();
    }

    @ParameterizedTest(name = "{0} to {1}: {2} {3} in pieces: {4}")
    @CsvSource({"H1, H2, 60, DOWNLOADS, SMALL", "H2, H2, 200, UPLOADS, SMALL"})
    void stalledBodiesHoldLittleAndLetOthersPass(Leg client, Leg endpoint, int count, Way way, Pieces pieces)
            throws Exception {
        measure(client, endpoint, count, way, pieces);
    }

    @ParameterizedTest(name = "{0} to {1}: {2} {3} in pieces: {4}")
    @CsvSource({
        "H1, H1, 200, DOWNLOADS, WHOLE",
        "H1, H1, 200, DOWNLOADS, MIXED",
        "H2_TLS, H1, 200, UPLOADS, MIXED",
        "H1_TLS, H2, 200, DOWNLOADS, MIXED",
        "H2, H1, 200, DOWNLOADS, MIXED",
        "H2, H2, 1000, DOWNLOADS, WHOLE",
        "H2, H2, 1000, DOWNLOADS, SMALL",
        "H2_TLS, H2_TLS, 500, DOWNLOADS, MIXED",
        "H1, H1, 200, UPLOADS, WHOLE",
        "H1, H1, 200, UPLOADS, MIXED",
        "H1, H2, 200, UPLOADS, SMALL",
        "H1_TLS, H2, 200, UPLOADS, MIXED",
        "H2, H1, 200, UPLOADS, MIXED",
        "H2, H2, 1000, UPLOADS, WHOLE",
        "H2_TLS, H2_TLS, 500, UPLOADS, MIXED"
    })
    @Tag("full")
    void aThousandStalledBodiesHoldLittleAndLetOthersPass(Leg client, Leg endpoint, int count, Way way, Pieces pieces)
            throws Exception {
        measure(client, endpoint, count, way, pieces);
    }

    private void measure(Leg client, Leg endpoint, int count, Way way, Pieces pieces) throws Exception {
        origin = Origin.start(endpoint, line -> serve(line, pieces));
        balancer = BalancerProcess.start(List.of("-Xmx512m", "-XX:MaxDirectMemorySize=512m"), origin);
        Client moving = connect(client);
        move(moving);
        Memory before = balancer.now();

        for (int i = 0; i < count; i++) {
            if (i % STREAMS == STREAMS - 1 || !client.isHttp2()) {
                moving = connect(client);
            }
            stall(moving.ask("/0", -1), way, pieces);
        }
        Lines.awaitStill(written::get);

        Memory stalled = balancer.now();
        long each = (stalled.together() - before.together()) / count;
        System.out.printf(
                "%s to %s, %d %s of %s: %d KiB each; %s%n", client, endpoint, count, way, pieces, each >> 10, stalled);
        assertThat(each).isLessThanOrEqualTo(MOST_HELD);
        move(client.isHttp2() ? moving : connect(client));
    }

    private void stall(Line line, Way way, Pieces pieces) throws IOException {
        line.write(new byte[] {way.wish}, 0, 1);
        if (way == Way.DOWNLOADS) {
            line.end();
        } else {
            Lines.start("stalled-client", () -> writeOn(line, pieces));
        }
    }

    private Client connect(Leg client) throws IOException {
        Client connected = Client.connect(client, balancer.port(client), SMALL_RECEIVE_BUFFER);
        clients.add(connected);
        return connected;
    }

    /** Has a body come back. */
    private static void move(Client client) throws IOException {
        Line line = client.ask("/0", -1);
        line.write(new byte[] {'E'}, 0, 1);
        Lines.start("moving-client", () -> {
            line.writePayload(MOVING);
            line.end();
        });
        assertThat(line.readAll()).isEqualTo(Received.payload(MOVING));
    }

    private void serve(Line line, Pieces pieces) throws IOException {
        byte[] wish = new byte[1];
        if (line.read(wish) < 0) {
            return;
        }
        switch (wish[0]) {
            case 'D' -> writeOn(line, pieces);
            case 'U' -> rest();
            default -> echo(line);
        }
    }

    private static void echo(Line line) throws IOException {
        byte[] buffer = new byte[16 << 10];
        for (int count = line.read(buffer); count >= 0; count = line.read(buffer)) {
            line.write(buffer, 0, count);
        }
        line.end();
    }

    private void rest() throws IOException {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void writeOn(Line line, Pieces pieces) throws IOException {
        for (int i = 0; over.getCount() > 0; i++) {
            int size = pieces.size(i);
            line.write(OCTETS, 0, size);
            written.addAndGet(size);
        }
    }
}
