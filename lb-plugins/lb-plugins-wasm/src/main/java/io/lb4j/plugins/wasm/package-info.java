/** Plugins that were compiled to WebAssembly, for the ABI of proxy-wasm, which Envoy, Istio and others run. */
@NullMarked
package io.lb4j.plugins.wasm;

import org.jspecify.annotations.NullMarked;
