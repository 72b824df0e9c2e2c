/** What a plugin says of itself: what it is made for, what it needs, and what its configuration looks like. */
@NullMarked
package io.lb4j.plugins.registry.manifest;

import org.jspecify.annotations.NullMarked;
