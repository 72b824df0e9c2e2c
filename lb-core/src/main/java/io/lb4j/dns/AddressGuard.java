package io.lb4j.dns;

import io.lb4j.model.AddressBlock;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Refuses addresses that a name or a registry should never lead to: link-local ones, among them the address at which clouds hand out
 * credentials to whoever asks from the machine itself, further addresses of that kind, and those that are no single host's. Whoever can
 * change a DNS record could otherwise have the balancer ask there. Immutable.
 *
 * @param allowed what is let through all the same
 */
public record AddressGuard(List<AddressBlock> allowed) {
    /** Refuses all that is refused by default. */
    public static final AddressGuard STRICT = new AddressGuard(List.of());

    private static final List<AddressBlock> REFUSED = Stream.of(
                    "0.0.0.0/8", // this network, RFC 1122 §3.2.1.3
                    "169.254.0.0/16", // link-local, RFC 3927; 169.254.169.254 of AWS, Azure, Google and others
                    "100.100.100.200", // metadata of Alibaba Cloud
                    "192.0.0.192", // metadata of Oracle Cloud
                    "224.0.0.0/4", // multicast, RFC 5771
                    "255.255.255.255",
                    "::",
                    "fe80::/10", // link-local, RFC 4291 §2.5.6
                    "fd00:ec2::/32", // metadata of AWS
                    "ff00::/8", // multicast, RFC 4291 §2.7
                    "64:ff9b::a9fe:0/112") // link-local IPv4 behind a translator, RFC 6052
            .map(AddressBlock::of)
            .toList();

    /** Copies what it is given. */
    public AddressGuard {
        allowed = List.copyOf(allowed);
    }

    /** Returns whether nobody should be sent to an address. */
    public boolean refuses(InetAddress address) {
        byte[] octets = address.getAddress(); // once: it is copied each time
        return contains(REFUSED, octets) && !contains(allowed, octets);
    }

    private static boolean contains(List<AddressBlock> blocks, byte[] octets) {
        for (AddressBlock block : blocks) {
            if (block.contains(octets)) {
                return true;
            }
        }
        return false;
    }
}
