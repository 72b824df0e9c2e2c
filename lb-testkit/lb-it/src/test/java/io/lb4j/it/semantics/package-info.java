/** What HTTP/1.1 means, from end to end. */
@NullMarked
package io.lb4j.it.semantics;

import org.jspecify.annotations.NullMarked;
