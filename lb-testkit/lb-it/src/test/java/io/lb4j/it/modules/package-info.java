/** The library as a set of Java modules. */
@NullMarked
package io.lb4j.it.modules;

import org.jspecify.annotations.NullMarked;
