/** TLS on both legs: engines, certificates by server name, their exchange while serving, session tickets, trust. */
@NullMarked
package io.lb4j.internal.tls;

import org.jspecify.annotations.NullMarked;
