/** Endpoints from Kubernetes. */
@NullMarked
package io.lb4j.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
