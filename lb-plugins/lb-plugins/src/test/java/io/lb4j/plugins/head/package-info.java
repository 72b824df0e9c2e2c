@NullMarked
package io.lb4j.plugins.head;

import org.jspecify.annotations.NullMarked;
