package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How often something may happen. */
final class AllowanceTest {
    private static final int BURST = 10;

    private static int taken(Allowance allowance, long nowNanos) {
        int taken = 0;
        while (taken <= BURST && allowance.take(nowNanos)) {
            taken++;
        }
        return taken;
    }

    @Test
    void eachSecondThereIsMoreAndNeverMoreThanInOneGo() {
        Allowance allowance = new Allowance(BURST, 2, 0);
        assertThat(taken(allowance, 0)).isEqualTo(BURST);

        assertThat(taken(allowance, TimeUnit.MILLISECONDS.toNanos(499))).isZero();
        assertThat(taken(allowance, TimeUnit.MILLISECONDS.toNanos(1_500))).isEqualTo(3);
        assertThat(taken(allowance, TimeUnit.MINUTES.toNanos(1))).isEqualTo(BURST);
    }

    @Test
    void aGreatRateIsOneAfterAnHourToo() {
        Allowance allowance = new Allowance(BURST, 100_000_000, 0);
        assertThat(taken(allowance, 0)).isEqualTo(BURST);

        assertThat(taken(allowance, TimeUnit.HOURS.toNanos(1))).isEqualTo(BURST);
    }
}
