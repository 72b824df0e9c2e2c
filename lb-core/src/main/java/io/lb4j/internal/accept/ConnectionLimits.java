package io.lb4j.internal.accept;

import java.util.OptionalInt;

/**
 * How many connections a listener takes.
 *
 * @param perListener open at the same time on the listener; a connection beyond it is closed at once
 * @param perClient open at the same time from one client: an IPv4 address, or the /64 prefix of an IPv6 address (what one host is
 *     commonly given, RFC 6177 §2); empty for no limit
 */
public record ConnectionLimits(int perListener, OptionalInt perClient) {
    private static final int MOST = 100_000;

    /** Checks the values. */
    public ConnectionLimits {
        if (perListener < 1) {
            throw new IllegalArgumentException("connections per listener: " + perListener + " (expected: >= 1)");
        }
        if (perClient.isPresent() && perClient.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "connections per client: " + perClient.getAsInt() + " (expected: >= 1, or no limit)");
        }
    }

    /**
     * Returns the defaults: 100,000 connections or half of what the process may hold open as files, whichever is less (the other half
     * is for upstreams), and no limit per client, because many clients may share one address.
     */
    public static ConnectionLimits defaults() {
        long half = FileDescriptors.limit().orElse(Long.MAX_VALUE) / 2;
        return new ConnectionLimits((int) Math.max(1, Math.min(MOST, half)), OptionalInt.empty());
    }
}
