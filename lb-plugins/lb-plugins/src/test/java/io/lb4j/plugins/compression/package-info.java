@NullMarked
package io.lb4j.plugins.compression;

import org.jspecify.annotations.NullMarked;
