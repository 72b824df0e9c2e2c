@NullMarked
package io.lb4j.acme.dns;

import org.jspecify.annotations.NullMarked;
