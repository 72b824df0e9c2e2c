/** HTTP clients that leave nothing behind. */
@NullMarked
package io.lb4j.acme.internal.web;

import org.jspecify.annotations.NullMarked;
