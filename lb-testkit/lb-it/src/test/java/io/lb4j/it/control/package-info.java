/** How endpoints are found, judged and balanced, on real sockets and real servers. */
@NullMarked
package io.lb4j.it.control;

import org.jspecify.annotations.NullMarked;
