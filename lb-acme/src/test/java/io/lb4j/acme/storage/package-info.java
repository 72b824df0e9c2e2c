@NullMarked
package io.lb4j.acme.storage;

import org.jspecify.annotations.NullMarked;
