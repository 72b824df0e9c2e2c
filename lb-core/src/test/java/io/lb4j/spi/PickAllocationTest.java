package io.lb4j.spi;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lb4j.exchange.Exchange;
import io.lb4j.exchange.UnreadExchange;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pick is made for each try of each request. */
class PickAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int PICKS = 200_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "round_robin",
                "weighted_round_robin",
                "random",
                "least_request",
                "least_request_p2c",
                "peak_ewma"
            })
    void allocatesNothing(String name) {
        List<Candidate> candidates = IntStream.range(0, 100)
                .<Candidate>mapToObj(i -> new FakeCandidate(100 + i))
                .toList();
        BalancePolicy.Picker picker =
                Objects.requireNonNull(BalancePolicies.byName().get(name)).picker(candidates);
        Exchange exchange = UnreadExchange.INSTANCE;
        pick(picker, exchange); // what is loaded and compiled on the way is not the pick's

        long before = THREADS.getCurrentThreadAllocatedBytes();
        pick(picker, exchange);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated / PICKS).as("octets for each pick").isZero();
    }

    private static void pick(BalancePolicy.Picker picker, Exchange exchange) {
        for (int i = 0; i < PICKS; i++) {
            picker.pick(exchange);
        }
    }
}
