/** What every stage shares on one event loop: coarse timeouts and the moment of flushing. */
@NullMarked
package io.lb4j.internal.loop;

import org.jspecify.annotations.NullMarked;
