/** Makes one checked configuration of files: finds and merges them, fills in what stands elsewhere, and tells what is wrong. */
@NullMarked
package io.lb4j.server.source;

import org.jspecify.annotations.NullMarked;
