/**
 * What the data path reads: one immutable {@link io.lb4j.internal.snapshot.Snapshot}, its single holder, the state of endpoints that
 * outlives a snapshot, and the small interfaces that stages implement for one another.
 */
@NullMarked
package io.lb4j.internal.snapshot;

import org.jspecify.annotations.NullMarked;
