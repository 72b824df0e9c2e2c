@NullMarked
package io.lb4j.plugins.jwt;

import org.jspecify.annotations.NullMarked;
