/** A web application that has a balancer for as long as it is deployed. */
@NullMarked
package io.lb4j.examples.servlet;

import org.jspecify.annotations.NullMarked;
