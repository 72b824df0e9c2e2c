package io.lb4j.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Whom a {@link DnsClient} asks, and what it makes of the answers. Immutable.
 *
 * @param servers who is asked, in this order; empty, the default, for those of the system
 * @param families which addresses are asked for; both by default
 * @param search how names are completed; as the system does it by default
 * @param times how long answers are waited for, and how long they hold
 * @param guard refuses addresses; the {@linkplain AddressGuard#STRICT strict} one by default
 */
public record DnsSettings(
        List<InetSocketAddress> servers, Families families, Search search, Times times, AddressGuard guard) {
    /** Which addresses are asked for. */
    public enum Families {
        /** IPv4 and IPv6. */
        BOTH,
        /** IPv4. */
        IPV4,
        /** IPv6. */
        IPV6
    }

    /**
     * How names are completed. Immutable.
     *
     * @param domains tried one after the other
     * @param dots a name with at least so many dots is tried as it stands first
     */
    public record Search(List<String> domains, int dots) {
        /** Every name is complete. */
        public static final Search NONE = new Search(List.of(), 1);

        /** Copies what it is given. */
        public Search {
            domains = List.copyOf(domains);
        }

        /** Returns what the system's {@code /etc/resolv.conf} says; {@link #NONE} where there is none. */
        public static Search ofSystem() {
            return ResolverConfiguration.ofSystem();
        }
    }

    /**
     * How long answers are waited for, and how long they hold. Immutable.
     *
     * @param query how long one server may take; 2 s by default
     * @param shortest an answer is asked for again no sooner; 5 s by default
     * @param longest an answer is asked for again no later; 5 min by default
     */
    public record Times(Duration query, Duration shortest, Duration longest) {
        /** What holds unless configured otherwise. */
        public static final Times DEFAULT =
                new Times(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofMinutes(5));

        /** Returns how long an answer of a time to live holds here. */
        public Duration holding(Duration timeToLive) {
            if (timeToLive.compareTo(shortest) < 0) {
                return shortest;
            }
            return timeToLive.compareTo(longest) > 0 ? longest : timeToLive;
        }
    }

    /** Copies what it is given. */
    public DnsSettings {
        servers = List.copyOf(servers);
    }

    /** Returns the system's servers and search list, both families, strict. */
    public static DnsSettings ofSystem() {
        return new DnsSettings(List.of(), Families.BOTH, Search.ofSystem(), Times.DEFAULT, AddressGuard.STRICT);
    }
}
