/**
 * Finds what a test leaves behind: buffers never released, threads, descriptors, direct memory.
 *
 * <p>{@link io.lb4j.testkit.leak.LeakGuard} works by itself where JUnit's extension auto-detection is on.
 */
@NullMarked
package io.lb4j.testkit.leak;

import org.jspecify.annotations.NullMarked;
