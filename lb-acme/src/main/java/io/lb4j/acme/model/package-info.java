/** What is asked for: authorities, names, keys, challenges; checked, and without a life of its own. */
@NullMarked
package io.lb4j.acme.model;

import org.jspecify.annotations.NullMarked;
