@NullMarked
package io.lb4j.plugins.auth;

import org.jspecify.annotations.NullMarked;
