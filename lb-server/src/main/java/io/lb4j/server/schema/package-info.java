/** What a configuration may look like, for editors and for people: made of the declarations that it is read by. */
@NullMarked
package io.lb4j.server.schema;

import org.jspecify.annotations.NullMarked;
