@NullMarked
package io.lb4j.acme.internal.demand;

import org.jspecify.annotations.NullMarked;
