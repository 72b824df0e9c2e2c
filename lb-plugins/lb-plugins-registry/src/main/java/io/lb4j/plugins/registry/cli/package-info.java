/** The program {@code lb-plugins}: publishes, signs, finds and installs plugins. */
@NullMarked
package io.lb4j.plugins.registry.cli;

import org.jspecify.annotations.NullMarked;
