/** What a configuration means once it has been checked: listeners, routes, clusters, endpoints, limits. Immutable values. */
@NullMarked
package io.lb4j.model;

import org.jspecify.annotations.NullMarked;
