/**
 * What extensions implement and what core hands to them: transports, discovery, certificates, plugins, policies, observers.
 */
@NullMarked
package io.lb4j.spi;

import org.jspecify.annotations.NullMarked;
