package io.lb4j.plugins.registry.index;

import io.lb4j.plugins.registry.oci.ImageReference;

/**
 * One version of a plugin. Immutable.
 *
 * @param image that holds it, pinned to its digest
 * @param isWithdrawn whether it is chosen no longer, but stays where it is
 */
public record Release(SemanticVersion version, ImageReference image, boolean isWithdrawn) {
    /**
     * Checks the image.
     *
     * @throws IllegalArgumentException if it is not pinned
     */
    public Release {
        if (image.digest().isEmpty()) {
            throw new IllegalArgumentException("image: " + image + " (expected: with a digest)");
        }
    }
}
