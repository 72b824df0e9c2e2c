/** Reads YAML into the nodes that configurations are made of, each with its place. */
@NullMarked
package io.lb4j.server.yaml;

import org.jspecify.annotations.NullMarked;
