/** Endpoints from JSON over HTTP and from files, and what the modules for registries have in common. */
@NullMarked
package io.lb4j.discovery;

import org.jspecify.annotations.NullMarked;
