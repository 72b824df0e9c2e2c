/** Tests of the conductor's parts. */
@NullMarked
package io.lb4j.internal.proxy;

import org.jspecify.annotations.NullMarked;
