/** What a configuration says of the process beside what it says of the balancer. */
@NullMarked
package io.lb4j.server.config;

import org.jspecify.annotations.NullMarked;
