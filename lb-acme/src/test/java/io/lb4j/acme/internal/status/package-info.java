@NullMarked
package io.lb4j.acme.internal.status;

import org.jspecify.annotations.NullMarked;
