/** What plugins have in common: how they are configured, whom they take a client for, how they refuse. */
@NullMarked
package io.lb4j.plugins.kit;

import org.jspecify.annotations.NullMarked;
