/** The balancer as a program: its configuration in files, its life as a process. */
@NullMarked
package io.lb4j.server;

import org.jspecify.annotations.NullMarked;
