@NullMarked
package io.lb4j.discovery.etcd;

import org.jspecify.annotations.NullMarked;
