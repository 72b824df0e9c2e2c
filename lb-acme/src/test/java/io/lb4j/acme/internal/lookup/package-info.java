@NullMarked
package io.lb4j.acme.internal.lookup;

import org.jspecify.annotations.NullMarked;
