@NullMarked
package io.lb4j.acme.model;

import org.jspecify.annotations.NullMarked;
