/** Tests of HPACK: the vectors of the RFC, another implementation at the other end, and input made to break it. */
@NullMarked
package io.lb4j.internal.codec.hpack;

import org.jspecify.annotations.NullMarked;
