@NullMarked
package io.lb4j.acme.internal.challenge;

import org.jspecify.annotations.NullMarked;
