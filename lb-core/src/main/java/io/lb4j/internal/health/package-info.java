/** Judges endpoints: passively by how requests fare with them, actively by checks. What it finds it writes into their states. */
@NullMarked
package io.lb4j.internal.health;

import org.jspecify.annotations.NullMarked;
