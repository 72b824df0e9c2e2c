package io.lb4j.internal.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ClientPrefixTest {
    @Test
    void takesAnIpv4AddressAsAWhole() throws UnknownHostException {
        assertThat(prefix("192.0.2.1")).isEqualTo(prefix("192.0.2.1")).isNotEqualTo(prefix("192.0.2.2"));
    }

    @Test
    void takesTheFirstHalfOfAnIpv6Address() throws UnknownHostException {
        assertThat(prefix("2001:db8:1:2::1"))
                .isEqualTo(prefix("2001:db8:1:2:ffff::9"))
                .isNotEqualTo(prefix("2001:db8:1:3::1"));
    }

    @Test
    void takesAMappedAddressForIpv4() throws UnknownHostException {
        assertThat(prefix("::ffff:192.0.2.1")).isEqualTo(prefix("192.0.2.1"));
    }

    @Test
    void neverTakesIpv4ForIpv6() throws UnknownHostException {
        assertThat(prefix("0.0.0.1")).isNotEqualTo(prefix("0:0:0:1::"));
    }

    private static ClientPrefix prefix(String address) throws UnknownHostException {
        return ClientPrefix.of(InetAddress.getByName(address));
    }
}
