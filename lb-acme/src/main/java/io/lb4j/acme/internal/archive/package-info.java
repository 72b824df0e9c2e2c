/** What is in the storage, as objects. */
@NullMarked
package io.lb4j.acme.internal.archive;

import org.jspecify.annotations.NullMarked;
