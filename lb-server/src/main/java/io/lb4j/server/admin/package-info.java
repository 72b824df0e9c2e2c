/** The administration of a process: an interface of its own over HTTP, on loopback unless it is told otherwise. */
@NullMarked
package io.lb4j.server.admin;

import org.jspecify.annotations.NullMarked;
