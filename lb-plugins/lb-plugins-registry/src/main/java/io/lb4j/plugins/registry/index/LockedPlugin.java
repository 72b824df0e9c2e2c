package io.lb4j.plugins.registry.index;

import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.ImageReference;
import java.util.Optional;

/**
 * A plugin that is installed. Immutable.
 *
 * @param range of versions that an update may choose from
 * @param image that it came from, pinned
 * @param module the digest of its file
 * @param previous what was installed before it
 */
public record LockedPlugin(
        VersionRange range,
        SemanticVersion version,
        ImageReference image,
        Digest module,
        Optional<LockedPlugin> previous) {}
