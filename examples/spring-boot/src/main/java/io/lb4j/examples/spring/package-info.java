/** A balancer that starts and ends with an application of Spring Boot. */
@NullMarked
package io.lb4j.examples.spring;

import org.jspecify.annotations.NullMarked;
