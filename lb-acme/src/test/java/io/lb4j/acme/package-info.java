@NullMarked
package io.lb4j.acme;

import org.jspecify.annotations.NullMarked;
