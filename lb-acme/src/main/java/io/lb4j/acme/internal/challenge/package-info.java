/** How an authority is shown that a name is ours. */
@NullMarked
package io.lb4j.acme.internal.challenge;

import org.jspecify.annotations.NullMarked;
