package io.lb4j.it.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.streaming.Line.Received;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies of any size, in both directions at once, through a process with little memory, between any two legs. */
@Isolated
@SuppressWarnings("NullAway.Init") // all begins with start
final class StreamingTest {
    private static final long MIB = 1L << 20;
    private static final long SHORT = 48 * MIB;
    private static final long LONG = 10_240 * MIB;
    private static final long MOST_MEMORY = 96 * MIB;
    private static final int PAUSES = 2; // of each reader, in which everything fills up
    private static final List<String> LITTLE_MEMORY = List.of("-Xmx64m", "-XX:MaxDirectMemorySize=32m");

    private static List<Origin> origins;
    private static BalancerProcess balancer;
    private static volatile Transfer transfer = new Transfer(0, 0);

    @BeforeAll
    static void start() throws IOException {
        origins = Stream.of(Leg.values())
                .map(leg -> Origin.start(leg, line -> transfer.serve(line)))
                .toList();
        balancer = BalancerProcess.start(LITTLE_MEMORY, origins.toArray(new Origin[0]));
    }

    @AfterAll
    static void stop() {
        balancer.close();
        origins.forEach(Origin::close);
    }

    static Stream<Arguments> pairs() {
        return Stream.of(Leg.values())
                .flatMap(client -> Stream.of(Leg.values()).map(origin -> Arguments.of(client, origin)));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void bodiesPassBothWaysInLittleMemory(Leg client, Leg origin) throws Exception {
        bothWays(client, origin, SHORT);
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    @Tag("full")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void bodiesOfTenGibibytesPassBothWaysInLittleMemory(Leg client, Leg origin) throws Exception {
        bothWays(client, origin, LONG);
    }

    private static void bothWays(Leg client, Leg origin, long octets) throws Exception {
        balancer.begin();
        long startNanos = System.nanoTime();
        Transfer current = new Transfer(octets, octets / (PAUSES + 1));
        transfer = current;

        Received atClient;
        try (Client connection = Client.connect(client, balancer.port(client), 0)) {
            atClient = current.ask(connection.ask("/" + origin.ordinal(), octets));
        }

        Received expected = Received.payload(octets);
        assertThat(atClient).isEqualTo(expected);
        assertThat(current.atOrigin()).isEqualTo(expected);
        BalancerProcess.Memory peak = balancer.peak();
        System.out.printf(
                "%s to %s, %d MiB each way in %d ms: %s%n",
                client, origin, octets / MIB, (System.nanoTime() - startNanos) / 1_000_000, peak);
        assertThat(peak.together()).isLessThanOrEqualTo(MOST_MEMORY);
    }
}
