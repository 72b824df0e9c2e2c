package io.lb4j.internal.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStores;
import io.lb4j.spi.TicketKey;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedTicketSecretsTest {
    private static final byte[] DOMAIN = {1};
    private static final String KEY = "tls/ticket-secrets";

    private final AtomicLong clock = new AtomicLong(1_000_000);
    private final SharedStore store = SharedStores.inMemory();
    private final Instance one = new Instance();
    private final Instance other = new Instance();

    private final class Instance {
        private final TicketKeys keys = TicketKeys.create();
        private final SharedTicketSecrets shared = new SharedTicketSecrets(store, keys, clock::get);

        List<byte[]> names() {
            return keys.forDomain(DOMAIN).stream().map(TicketKey::name).toList();
        }

        void refresh() throws IOException {
            shared.refresh();
        }
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toMillis());
    }

    @Test
    void theInstancesSealWithTheSameSecret() throws IOException {
        assertThat(one.names().get(0)).isNotEqualTo(other.names().get(0));
        one.refresh();
        other.refresh();

        assertThat(one.names()).hasSize(1);
        assertThat(other.names().get(0)).isEqualTo(one.names().get(0));
    }

    @Test
    void theNextSecretOpensBeforeItSeals() throws IOException {
        one.refresh();
        byte[] first = one.names().get(0);
        pass(TicketKeys.ROTATION.minusMinutes(5));
        one.refresh();
        assertThat(one.names()).hasSize(2).first().isEqualTo(first);
        other.refresh();
        assertThat(other.names()).hasSize(2).first().isEqualTo(first);

        pass(Duration.ofMinutes(5));
        one.refresh();
        assertThat(one.names()).hasSize(2).last().isEqualTo(first);
        assertThat(other.names().get(0)).as("has not looked yet").isEqualTo(first);
        assertThat(other.names())
                .anySatisfy(name -> assertThat(name).isEqualTo(one.names().get(0)));
    }

    @Test
    void aSecretIsGoodForADayAtLeast() throws IOException {
        one.refresh();
        byte[] first = one.names().get(0);
        long start = clock.get();
        long goneAfter = 0;
        while (goneAfter == 0) {
            pass(Duration.ofMinutes(1));
            one.refresh();
            assertThat(one.names()).hasSizeLessThanOrEqualTo(4);
            if (one.names().stream().noneMatch(name -> Arrays.equals(name, first))) {
                goneAfter = clock.get() - start;
            }
        }
        assertThat(Duration.ofMillis(goneAfter)).isGreaterThan(Duration.ofHours(24));
    }

    @Test
    void whatCannotBeUnderstoodChangesNothingAndIsNotTold() throws IOException {
        one.refresh();
        byte[] known = one.names().get(0);
        store.put(KEY, "12 c2VjcmV0\n".getBytes(US_ASCII));

        assertThatThrownBy(one::refresh)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(KEY)
                .hasMessageNotContaining("c2VjcmV0")
                .hasNoCause();
        assertThat(one.names().get(0)).isEqualTo(known);
    }
}
