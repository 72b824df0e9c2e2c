@NullMarked
package io.lb4j.plugins.registry.oci;

import org.jspecify.annotations.NullMarked;
