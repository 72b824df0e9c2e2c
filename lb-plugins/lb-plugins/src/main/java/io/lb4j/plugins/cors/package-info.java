/** Who may read responses from other origins, in browsers. */
@NullMarked
package io.lb4j.plugins.cors;

import org.jspecify.annotations.NullMarked;
