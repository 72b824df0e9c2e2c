/**
 * The engine that runs guests, behind one adapter: nothing outside of this package names it. For the ABIs of this module; not meant for
 * anybody else.
 */
@NullMarked
package io.lb4j.plugins.wasm.engine;

import org.jspecify.annotations.NullMarked;
