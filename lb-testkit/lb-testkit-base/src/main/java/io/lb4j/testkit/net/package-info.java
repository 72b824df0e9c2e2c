/** Sockets and ports on the loopback interface: dialling, reserving, and relays that impair what they carry. */
@NullMarked
package io.lb4j.testkit.net;

import org.jspecify.annotations.NullMarked;
