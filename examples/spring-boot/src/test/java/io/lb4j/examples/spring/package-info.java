@NullMarked
package io.lb4j.examples.spring;

import org.jspecify.annotations.NullMarked;
