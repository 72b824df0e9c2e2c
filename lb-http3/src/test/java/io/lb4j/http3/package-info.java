@NullMarked
package io.lb4j.http3;

import org.jspecify.annotations.NullMarked;
