package io.lb4j.model;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One address that serves a cluster. Two endpoints of a cluster with the same {@link #address()} are the same endpoint: health,
 * counters and connections stay with the address when weight or metadata change. Immutable.
 */
public final class Endpoint {
    /** The weight of an endpoint that names none. */
    public static final int DEFAULT_WEIGHT = 100;

    private static final int MAX_WEIGHT = 1_000_000;

    private final String host;
    private final int port;
    private final int weight;
    private final Map<String, String> metadata;
    private final String name;
    private final String address; // made once: maps of thousands of endpoints ask for it all the time
    private final boolean isResolved;

    /**
     * Creates an endpoint.
     *
     * @param host an IP address, or a name that is resolved again as its records expire
     * @param port the TCP or UDP port, 1 to 65535
     * @param weight the share of traffic relative to other endpoints, 0 (none) to 1,000,000; 100 by default
     * @param metadata what a source says of it: {@code zone}, {@code version}, {@code tags}, {@code priority} and whatever else; copied
     * @param name what it is known by, for TLS to ask for and to verify, and for {@code Host} where a route sends the endpoint's own; the
     *     host by default. It differs from the host where that is an address to which a name has been resolved
     * @throws IllegalArgumentException if host or name are blank, or port or weight are out of range
     */
    public Endpoint(String host, int port, int weight, Map<String, String> metadata, String name) {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host: \"" + host + "\" (expected: a name or an address)");
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: \"" + name + "\" (expected: a name or an address)");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
        }
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 0.." + MAX_WEIGHT + ")");
        }
        this.host = host;
        this.port = port;
        this.weight = weight;
        this.metadata = Map.copyOf(metadata);
        this.name = name;
        address = join(host, port);
        isResolved = NetUtil.isValidIpV4Address(host) || isIpv6();
    }

    /**
     * Creates an endpoint that is known by its host.
     *
     * @throws IllegalArgumentException if the host is blank, or port or weight are out of range
     */
    public Endpoint(String host, int port, int weight, Map<String, String> metadata) {
        this(host, port, weight, metadata, host);
    }

    /**
     * Creates an endpoint of default weight without metadata.
     *
     * @throws IllegalArgumentException if the host is blank or the port is out of range
     */
    public static Endpoint of(String host, int port) {
        return new Endpoint(host, port, DEFAULT_WEIGHT, Map.of());
    }

    /** Returns an endpoint like this one, of another weight. */
    public Endpoint withWeight(int newWeight) {
        return new Endpoint(host, port, newWeight, metadata, name);
    }

    /** Returns an endpoint like this one, with other metadata. */
    public Endpoint withMetadata(Map<String, String> newMetadata) {
        return new Endpoint(host, port, weight, newMetadata, name);
    }

    /** Returns an endpoint like this one at an address; what it is known by stays. */
    public Endpoint at(InetAddress address) {
        return new Endpoint(NetUtil.toAddressString(address), port, weight, metadata, name);
    }

    /** Returns the IP address, or the name that is resolved again as its records expire. */
    public String host() {
        return host;
    }

    /** Returns the TCP or UDP port. */
    public int port() {
        return port;
    }

    /** Returns the share of traffic relative to other endpoints. */
    public int weight() {
        return weight;
    }

    /** Returns what a source says of it, read-only. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Returns what it is known by: the host, or the name that was resolved to it. */
    public String name() {
        return name;
    }

    /** Returns whether the host is an address, not a name. */
    public boolean isResolved() {
        return isResolved;
    }

    /** Returns whether the host is an address of IPv6. */
    public boolean isIpv6() {
        return host.indexOf(':') >= 0;
    }

    /** Returns what identifies the endpoint within its cluster: {@code host:port}, an IPv6 address in brackets. */
    public String address() {
        return address;
    }

    /** Returns what stands in {@code Host} for it: {@code name:port}. */
    public String authority() {
        return join(name, port);
    }

    private static String join(String host, int port) {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }

    /** Returns the zone that the metadata name. */
    public Optional<String> zone() {
        return Optional.ofNullable(metadata.get("zone"));
    }

    /** Returns the version that the metadata name. */
    public Optional<String> version() {
        return Optional.ofNullable(metadata.get("version"));
    }

    /**
     * Returns which endpoints come before it: one serves while too few of those with lower numbers are well. What the metadata name under
     * {@code priority}, 0 to 65535 as in DNS; 0 where that is something else, or nothing.
     */
    public int priority() {
        String priority = metadata.get("priority");
        if (priority == null || priority.isEmpty() || priority.length() > 5) {
            return 0;
        }
        int number = 0;
        for (int i = 0; i < priority.length(); i++) {
            int digit = priority.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            number = number * 10 + digit;
        }
        return number > 0xffff ? 0 : number;
    }

    /** Returns the tags that the metadata name under {@code tags}, separated by commas; in their order. */
    public List<String> tags() {
        String tags = metadata.get("tags");
        return tags == null
                ? List.of()
                : Arrays.stream(tags.split(",", -1))
                        .map(String::strip)
                        .filter(tag -> !tag.isEmpty())
                        .toList();
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Endpoint that
                        && address.equals(that.address)
                        && weight == that.weight
                        && name.equals(that.name)
                        && metadata.equals(that.metadata));
    }

    @Override
    public int hashCode() {
        return address.hashCode();
    }

    @Override
    public String toString() {
        return address + (name.equals(host) ? "" : " (" + name + ")") + ", weight " + weight
                + (metadata.isEmpty() ? "" : ", " + metadata);
    }
}
