/** Spans for OpenTelemetry. */
@NullMarked
package io.lb4j.plugins.tracing;

import org.jspecify.annotations.NullMarked;
