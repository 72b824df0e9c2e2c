@NullMarked
package io.lb4j.plugins.registry.cli;

import org.jspecify.annotations.NullMarked;
