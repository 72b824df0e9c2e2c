@NullMarked
package io.lb4j.plugins.wasm;

import org.jspecify.annotations.NullMarked;
