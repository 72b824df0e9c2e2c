package io.lb4j.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.spi.TicketKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TicketKeysTest {
    private static final byte[] DOMAIN = {1};

    private final TicketKeys keys = TicketKeys.create();

    @Test
    void sealsWithANewSecretAndKeepsTwoOldOnes() {
        byte[] first = names(DOMAIN).get(0);
        keys.rotate();
        byte[] second = names(DOMAIN).get(0);
        keys.rotate();
        assertThat(names(DOMAIN)).hasSize(3).last().isEqualTo(first);
        keys.rotate();
        assertThat(names(DOMAIN)).hasSize(3).last().isEqualTo(second);
    }

    @Test
    void givesTheSameKeysToOneDomainAndOthersToAnother() {
        assertThat(names(DOMAIN).get(0)).isEqualTo(names(DOMAIN).get(0));
        assertThat(names(new byte[] {2}).get(0)).isNotEqualTo(names(DOMAIN).get(0));
        assertThat(keys.forDomain(DOMAIN).get(0).cipherKey())
                .isNotEqualTo(keys.forDomain(new byte[] {2}).get(0).cipherKey());
    }

    @Test
    void tellsItsUsersOfARotation() {
        AtomicInteger told = new AtomicInteger();
        Runnable user = told::incrementAndGet;
        keys.addUser(user);
        keys.rotate();
        keys.removeUser(user);
        keys.rotate();
        assertThat(told).hasValue(1);
    }

    private List<byte[]> names(byte[] domain) {
        return keys.forDomain(domain).stream().map(TicketKey::name).toList();
    }
}
