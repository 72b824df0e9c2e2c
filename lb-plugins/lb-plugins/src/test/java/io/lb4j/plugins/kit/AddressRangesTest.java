package io.lb4j.plugins.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.model.AddressBlock;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Many blocks of addresses. */
final class AddressRangesTest {
    private static AddressRanges ranges(String... blocks) {
        return new AddressRanges(List.of(blocks).stream().map(AddressBlock::of).toList());
    }

    private static InetAddress address(String text) {
        return NetUtil.createInetAddressFromIpAddressString(text);
    }

    @Test
    void bothEndsOfABlockAreInItAndTheirNeighboursAreNot() {
        AddressRanges ranges = ranges("10.1.0.0/16", "192.0.2.7", "2001:db8::/33");
        assertThat(ranges.contains(address("10.1.0.0"))).isTrue();
        assertThat(ranges.contains(address("10.1.255.255"))).isTrue();
        assertThat(ranges.contains(address("10.0.255.255"))).isFalse();
        assertThat(ranges.contains(address("10.2.0.0"))).isFalse();
        assertThat(ranges.contains(address("192.0.2.7"))).isTrue();
        assertThat(ranges.contains(address("192.0.2.8"))).isFalse();
        assertThat(ranges.contains(address("2001:db8:7fff:ffff:ffff:ffff:ffff:ffff")))
                .isTrue();
        assertThat(ranges.contains(address("2001:db8:8000::"))).isFalse();
        assertThat(ranges.contains(address("255.255.255.255"))).isFalse();
    }

    @Test
    void aBlockThatBeginsLikeASmallerOneCountsWhole() {
        AddressRanges ranges = ranges("10.0.0.0/24", "10.0.0.0/8", "10.9.0.0/16");
        assertThat(ranges.contains(address("10.200.0.1"))).isTrue();
        assertThat(ranges("0.0.0.0/0").contains(address("255.255.255.255"))).isTrue();
        assertThat(ranges("0.0.0.0/0").contains(address("::1"))).isFalse();
        assertThat(ranges().isEmpty()).isTrue();
        assertThat(ranges().contains(address("10.0.0.1"))).isFalse();
    }

    @Test
    void agreesWithLookingAtEveryBlock() throws UnknownHostException {
        Random random = new Random(1);
        List<AddressBlock> blocks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            blocks.add(AddressBlock.of(random.nextInt(4) + "." + random.nextInt(256) + "." + random.nextInt(256) + ".0/"
                    + (8 + random.nextInt(25))));
        }
        AddressRanges ranges = new AddressRanges(blocks);
        for (int i = 0; i < 5_000; i++) {
            byte[] octets = {(byte) random.nextInt(4), (byte) random.nextInt(), (byte) random.nextInt(), 3};
            InetAddress address = InetAddress.getByAddress(octets);
            boolean expected = blocks.stream().anyMatch(block -> block.contains(address));
            assertThat(ranges.contains(address)).as("%s", address).isEqualTo(expected);
        }
    }
}
