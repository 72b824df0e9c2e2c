package io.lb4j.plugins.kit;

import io.lb4j.exchange.AttributeKey;

/**
 * Where an exchange stands in a trace. A plugin that traces keeps it with the exchange under {@link #KEY}. Immutable.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 */
public record Trace(String traceId, String spanId) {
    /** Where an exchange keeps it. */
    public static final AttributeKey<Trace> KEY = AttributeKey.of("trace", Trace.class);
}
