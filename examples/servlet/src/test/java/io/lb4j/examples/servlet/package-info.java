@NullMarked
package io.lb4j.examples.servlet;

import org.jspecify.annotations.NullMarked;
