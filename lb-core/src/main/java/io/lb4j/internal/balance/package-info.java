/** The stage that picks an endpoint: the members of each cluster, which of them may be used, and how often a request may be retried. */
@NullMarked
package io.lb4j.internal.balance;

import org.jspecify.annotations.NullMarked;
