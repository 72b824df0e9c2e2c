/** Bodies that are compressed on their way to clients, and decompressed on their way to endpoints. */
@NullMarked
package io.lb4j.plugins.compression;

import org.jspecify.annotations.NullMarked;
