package io.lb4j.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SliceLagTest {
    @Test
    void theVersionsOfManySlicesAreAskedForTheLessOftenTheMoreThereAre() {
        assertThat(SliceLag.probesFor(0)).isEqualTo(1);
        assertThat(SliceLag.probesFor(500)).isEqualTo(1);
        assertThat(SliceLag.probesFor(501)).isEqualTo(2);
        assertThat(SliceLag.probesFor(1501)).isEqualTo(4);
        assertThat(SliceLag.probesFor(4501)).isEqualTo(10);
        assertThat(SliceLag.probesFor(1_000_000)).isEqualTo(10);
    }
}
