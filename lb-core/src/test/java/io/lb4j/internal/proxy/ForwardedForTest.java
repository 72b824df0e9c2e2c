package io.lb4j.internal.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.model.AddressBlock;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who the client is behind proxies. */
final class ForwardedForTest {
    private static final AddressBlock TRUSTED = AddressBlock.of("10.0.0.0/8");

    private static String client(String peer, String... values) {
        Fields fields = new Fields();
        for (String value : values) {
            fields.add(FieldName.X_FORWARDED_FOR, value);
        }
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(peer);
        return NetUtil.toAddressString(ForwardedFor.client(Optional.of(address), fields, TRUSTED::contains)
                .orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1 | 198.51.100.7           | 192.0.2.1", // a stranger says what it likes
                "10.0.0.1  | 198.51.100.7           | 198.51.100.7",
                "10.0.0.1  | 1.1.1.1, 198.51.100.7  | 198.51.100.7", // what the client itself sent counts for nothing
                "10.0.0.1  | 198.51.100.7, 10.0.0.2 | 198.51.100.7",
                "10.0.0.1  | 10.0.0.9,10.0.0.2      | 10.0.0.9",
                "10.0.0.1  | 1.1.1.1, unknown       | 10.0.0.1",
                "10.0.0.1  | 1.1.1.1,, 10.0.0.2     | 10.0.0.2",
                "10.0.0.1  | 198.51.100.7:4711      | 198.51.100.7",
                "10.0.0.1  | [2001:db8::7]:4711     | 2001:db8::7",
                "10.0.0.1  | 2001:db8::7            | 2001:db8::7",
            })
    void theNearestThatIsNotTrustedIsTheClient(String peer, String value, String client) {
        assertThat(client(peer, value)).isEqualTo(client);
    }

    @Test
    void severalFieldsAreOneList() {
        assertThat(client("10.0.0.1", "1.1.1.1", "198.51.100.7", "10.0.0.3")).isEqualTo("198.51.100.7");
        assertThat(client("10.0.0.1")).isEqualTo("10.0.0.1");
    }
}
