/**
 * The conductor: it leads each exchange through the stages, from the request's head to the response's end, with its deadline, its tries
 * and its retries. The only place where an error becomes a status.
 */
@NullMarked
package io.lb4j.internal.proxy;

import org.jspecify.annotations.NullMarked;
