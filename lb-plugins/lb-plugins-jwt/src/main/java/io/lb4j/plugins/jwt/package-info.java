/** Lets in whoever has a JSON Web Token. */
@NullMarked
package io.lb4j.plugins.jwt;

import org.jspecify.annotations.NullMarked;
