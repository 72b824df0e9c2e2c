package io.lb4j.model;

import java.util.Map;
import java.util.Optional;

/**
 * One address that serves a cluster. Two endpoints of a cluster with the same {@link #address()} are the same endpoint: health,
 * counters and connections stay with the address when weight or metadata change. Immutable.
 *
 * @param host an IP address, or a name that is resolved again as its records expire
 * @param port the TCP or UDP port, 1 to 65535
 * @param weight the share of traffic relative to other endpoints, 0 (none) to 1,000,000; 100 by default
 * @param metadata what a source says of it, read-only: {@code zone}, {@code version} and whatever else
 */
public record Endpoint(String host, int port, int weight, Map<String, String> metadata) {
    /** The weight of an endpoint that names none. */
    public static final int DEFAULT_WEIGHT = 100;

    private static final int MAX_WEIGHT = 1_000_000;

    /**
     * Checks and copies what it is given.
     *
     * @throws IllegalArgumentException if the host is blank, or port or weight are out of range
     */
    public Endpoint {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host: \"" + host + "\" (expected: a name or an address)");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
        }
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 0.." + MAX_WEIGHT + ")");
        }
        metadata = Map.copyOf(metadata);
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
        return new Endpoint(host, port, newWeight, metadata);
    }

    /** Returns an endpoint like this one, with other metadata. */
    public Endpoint withMetadata(Map<String, String> newMetadata) {
        return new Endpoint(host, port, weight, newMetadata);
    }

    /** Returns what identifies the endpoint within its cluster: {@code host:port}, an IPv6 address in brackets. */
    public String address() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }

    /** Returns the zone that the metadata name. */
    public Optional<String> zone() {
        return Optional.ofNullable(metadata.get("zone"));
    }
}
