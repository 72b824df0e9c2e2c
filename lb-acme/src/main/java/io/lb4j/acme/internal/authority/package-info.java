/** The one place that speaks with certificate authorities, through acme4j. */
@NullMarked
package io.lb4j.acme.internal.authority;

import org.jspecify.annotations.NullMarked;
