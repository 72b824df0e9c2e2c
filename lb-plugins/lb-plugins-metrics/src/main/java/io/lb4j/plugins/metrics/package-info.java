/** Figures for Micrometer, and so for Prometheus, OTLP and others. */
@NullMarked
package io.lb4j.plugins.metrics;

import org.jspecify.annotations.NullMarked;
