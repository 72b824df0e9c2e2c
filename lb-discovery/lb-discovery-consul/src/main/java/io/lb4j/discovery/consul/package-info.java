/** Endpoints, registration, configurations, locks and a shared store on Consul. */
@NullMarked
package io.lb4j.discovery.consul;

import org.jspecify.annotations.NullMarked;
