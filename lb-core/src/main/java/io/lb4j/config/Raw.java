package io.lb4j.config;

/**
 * A value that is not complete, with its origin.
 *
 * @param value a value, a {@link Node.Scalar}, a {@link Draft}, or a list or map of these
 */
record Raw(Object value, Origin origin) {}
