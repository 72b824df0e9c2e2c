@NullMarked
package io.lb4j.acme.internal.archive;

import org.jspecify.annotations.NullMarked;
