package io.lb4j.dns;

/**
 * An SRV record (RFC 2782). Immutable.
 *
 * @param priority the lowest comes first
 * @param weight the share among those of one priority
 * @param port where the service listens
 * @param target the host's name, without a trailing dot
 */
public record ServiceRecord(int priority, int weight, int port, String target) {}
