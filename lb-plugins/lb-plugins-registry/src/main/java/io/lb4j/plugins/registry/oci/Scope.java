package io.lb4j.plugins.registry.oci;

import java.net.URI;

/**
 * What a request wants to do, as token services name it. Immutable.
 *
 * @param root the registry
 * @param image in its repository
 * @param actions {@code pull}, or {@code pull,push}
 */
record Scope(URI root, ImageReference image, String actions) {
    /** Returns {@code repository:NAME:ACTIONS}. */
    String text() {
        return "repository:" + image.repository() + ":" + actions;
    }

    /** Returns what tells tokens apart. */
    String key() {
        return root + " " + text();
    }
}
