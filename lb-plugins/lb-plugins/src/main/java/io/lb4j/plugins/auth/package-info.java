/** Plugins that let in those who may come in: by address, by password, by key. */
@NullMarked
package io.lb4j.plugins.auth;

import org.jspecify.annotations.NullMarked;
