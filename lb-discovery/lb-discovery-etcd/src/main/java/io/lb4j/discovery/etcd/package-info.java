/** Endpoints, registration, locks and a shared store on etcd v3. */
@NullMarked
package io.lb4j.discovery.etcd;

import org.jspecify.annotations.NullMarked;
