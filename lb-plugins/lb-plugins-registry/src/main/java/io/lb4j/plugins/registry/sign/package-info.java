/** Signatures of publishers: keys, what is signed of an image, and what is believed. */
@NullMarked
package io.lb4j.plugins.registry.sign;

import org.jspecify.annotations.NullMarked;
