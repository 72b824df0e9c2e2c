package io.lb4j.model;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How the names of endpoints are resolved. Immutable. */
public final class DnsOptions extends View {
    private static final int DNS_PORT = 53;

    /** Which addresses are asked for. */
    public enum Families {
        /** IPv4 and IPv6. */
        BOTH,
        /** IPv4. */
        IPV4,
        /** IPv6. */
        IPV6
    }

    /** Who is asked. */
    public static final Option<List<InetSocketAddress>> SERVERS = Option.of(
                    "servers",
                    OptionTypes.list(OptionTypes.text(
                            InetSocketAddress.class,
                            "an IP address, with a port or without",
                            DnsOptions::server,
                            DnsOptions::text)),
                    "DNS servers by address, asked in this order; none named: those of the system.")
            .defaultsTo(List.of())
            .build();

    /** The families. */
    public static final Option<Families> FAMILIES = Option.of(
                    "families", OptionTypes.oneOf(Families.class), "Which addresses of a name are used.")
            .defaultsTo(Families.BOTH)
            .build();

    /** How names are completed. */
    public static final Option<List<String>> SEARCH = Option.of(
                    "search",
                    OptionTypes.list(ModelTypes.host()),
                    "Domains that complete a name of one label, or that is not found as it stands.")
            .absentMeans("those of the system")
            .build();

    /** How long a server may take. */
    public static final Option<Duration> TIMEOUT = Option.of(
                    "timeout", ModelTypes.time(), "How long one server may take to answer before the next is asked.")
            .defaultsTo(Duration.ofSeconds(2))
            .build();

    /** The shortest time to live. */
    public static final Option<Duration> MIN_TTL = Option.of(
                    "min_ttl", ModelTypes.time(), "A name is asked for again no sooner, whatever its records say.")
            .defaultsTo(Duration.ofSeconds(5))
            .build();

    /** The longest time to live. */
    public static final Option<Duration> MAX_TTL = Option.of(
                    "max_ttl", ModelTypes.time(), "A name is asked for again no later, whatever its records say.")
            .defaultsTo(Duration.ofMinutes(5))
            .build();

    /** What is let through. */
    public static final Option<List<AddressBlock>> ALLOW = Option.of(
                    "allow",
                    OptionTypes.list(ModelTypes.addressBlock()),
                    "Addresses that names and registries may lead to although they are link-local, or those of cloud metadata.")
            .defaultsTo(List.of())
            .build();

    /** The options of DNS. */
    public static final Section SECTION = Section.of("dns", "How the names of endpoints are resolved.")
            .options(SERVERS, FAMILIES, SEARCH, TIMEOUT, MIN_TTL, MAX_TTL, ALLOW)
            .rule((settings, scope) -> ListenerTls.requireOrder(settings, scope, MIN_TTL, MAX_TTL))
            .build();

    DnsOptions(Settings settings) {
        super(settings);
    }

    private static InetSocketAddress server(String text) {
        boolean bracketed = text.startsWith("[");
        int end = bracketed ? text.indexOf(']') : text.lastIndexOf(':');
        boolean bare = !bracketed && text.indexOf(':') != end; // several colons without brackets: an address of IPv6
        String host = bare || end < 0 ? text : text.substring(bracketed ? 1 : 0, end);
        String rest = bare || end < 0 ? "" : text.substring(bracketed ? end + 1 : end);
        byte[] address = AddressBlock.octets(host);
        if (!rest.isEmpty() && !rest.matches(":\\d{1,5}")) {
            throw new IllegalArgumentException("an IP address, with a port or without");
        }
        int port = rest.isEmpty() ? DNS_PORT : Integer.parseInt(rest.substring(1));
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + address.length + " octets cannot be unknown", e);
        }
    }

    private static String text(InetSocketAddress server) {
        String host = server.getAddress().getHostAddress();
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + server.getPort() : host + ":" + server.getPort();
    }

    /** Returns who is asked, in order; empty, which is the default, for the system's servers. */
    public List<InetSocketAddress> servers() {
        return settings().value(SERVERS);
    }

    /** Returns which addresses of a name are used; both families by default. */
    public Families families() {
        return settings().value(FAMILIES);
    }

    /** Returns the domains that complete a name; those of the system by default. */
    public Optional<List<String>> search() {
        return settings().find(SEARCH);
    }

    /** Returns how long one server may take; 2 seconds by default. */
    public Duration timeout() {
        return settings().value(TIMEOUT);
    }

    /** Returns when a name is asked for again at the soonest; after 5 seconds by default. */
    public Duration minTtl() {
        return settings().value(MIN_TTL);
    }

    /** Returns when a name is asked for again at the latest; after 5 minutes by default. */
    public Duration maxTtl() {
        return settings().value(MAX_TTL);
    }

    /** Returns the link-local and metadata addresses that are let through; none by default. */
    public List<AddressBlock> allow() {
        return settings().value(ALLOW);
    }
}
