@NullMarked
package io.lb4j.acme.internal.authority;

import org.jspecify.annotations.NullMarked;
