package io.lb4j.plugins.metrics;

import io.micrometer.core.instrument.Tags;

/**
 * What a figure is called. Immutable.
 *
 * @param isCount whether it only grows
 * @param tags in the order of their names
 */
record FigureName(String name, boolean isCount, Tags tags) {}
