/** OCI registries: their protocol (distribution specification 1.1), manifests, layers, and a cache of what was pulled. */
@NullMarked
package io.lb4j.plugins.registry.oci;

import org.jspecify.annotations.NullMarked;
