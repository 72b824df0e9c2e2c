/** Counters, histograms and access records: what an exchange leaves behind. */
@NullMarked
package io.lb4j.internal.observe;

import org.jspecify.annotations.NullMarked;
