@NullMarked
package io.lb4j.discovery.consul;

import org.jspecify.annotations.NullMarked;
