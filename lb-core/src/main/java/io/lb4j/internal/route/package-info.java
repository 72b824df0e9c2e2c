/**
 * The route stage: makes one canonical path of a request's target, finds the route that serves it, and computes rewrites and redirects.
 */
@NullMarked
package io.lb4j.internal.route;

import org.jspecify.annotations.NullMarked;
