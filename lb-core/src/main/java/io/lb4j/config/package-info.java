/**
 * The typed configuration. An {@link io.lb4j.config.Option} is declared once (name, type, default, check, secret or not, a sentence of
 * documentation); builders, files, schema, documentation and the rendered configuration all derive from that one declaration.
 *
 * <p>A {@link io.lb4j.config.Section} groups options. A {@link io.lb4j.config.Draft} is filled by setters or from a
 * {@link io.lb4j.config.Node} tree, and becomes {@link io.lb4j.config.Settings}, immutable and checked; all that is wrong comes out as
 * {@link io.lb4j.config.Fault}s at once.
 */
@NullMarked
package io.lb4j.config;

import org.jspecify.annotations.NullMarked;
