package io.lb4j.internal.snapshot;

/** What active checks say of an endpoint. */
public enum Health {
    /** Nothing yet, or there are no active checks. */
    UNKNOWN,
    /** It passes its checks. */
    HEALTHY,
    /** It fails its checks. */
    UNHEALTHY
}
