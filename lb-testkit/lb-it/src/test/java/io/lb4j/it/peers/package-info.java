/** The whole path between peers that share no code with ours, and against attacks by raw frames. */
@NullMarked
package io.lb4j.it.peers;

import org.jspecify.annotations.NullMarked;
