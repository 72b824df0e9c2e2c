/** Where certificates, keys and accounts are kept: files, memory, a store that a fleet shares, or code of your own. */
@NullMarked
package io.lb4j.acme.storage;

import org.jspecify.annotations.NullMarked;
