@NullMarked
package io.lb4j.examples.embedding;

import org.jspecify.annotations.NullMarked;
