package io.lb4j.plugins.registry;

/** When a registry is asked what a tag means. What an image is pinned to by its digest is pulled once, and nobody is asked again. */
public enum PullPolicy {
    /** At the start and from time to time. Where the registry cannot be reached at the start, what the tag meant last is taken from the cache. */
    ALWAYS,
    /** Once: as long as the cache knows what the tag meant, that is what it means. */
    IF_NOT_PRESENT,
    /** Never: all has to be in the cache. */
    NEVER
}
