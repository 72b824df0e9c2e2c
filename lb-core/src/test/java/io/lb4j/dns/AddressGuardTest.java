package io.lb4j.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.model.AddressBlock;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "::ffff:169.254.169.254",
                "fe80::1",
                "fd00:ec2::254",
                "100.100.100.200",
                "0.0.0.0",
                "::",
                "224.0.0.1",
                "ff02::1",
                "255.255.255.255",
                "64:ff9b::a9fe:a9fe"
            })
    void refusesWhereNobodyShouldBeSent(String address) throws Exception {
        assertThat(AddressGuard.STRICT.refuses(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "192.168.1.1",
                "100.64.0.1",
                "203.0.113.7",
                "::1",
                "fd12::1",
                "2001:db8::1"
            })
    void letsHostsThrough(String address) throws Exception {
        assertThat(AddressGuard.STRICT.refuses(InetAddress.getByName(address))).isFalse();
    }

    @Test
    void letsThroughWhatIsAllowed() throws Exception {
        AddressGuard guard = new AddressGuard(List.of(AddressBlock.of("169.254.7.0/24")));

        assertThat(guard.refuses(InetAddress.getByName("169.254.7.1"))).isFalse();
        assertThat(guard.refuses(InetAddress.getByName("169.254.8.1"))).isTrue();
    }
}
