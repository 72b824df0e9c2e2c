package io.lb4j.plugins.registry.index;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A plugin in an index. Immutable.
 *
 * @param name letters, digits, {@code _ . -}
 * @param description for people
 * @param license as SPDX has it
 * @param releases the newest first
 */
public record IndexedPlugin(String name, String description, String license, List<Release> releases) {
    /** Sorts the releases. */
    public IndexedPlugin {
        releases = releases.stream()
                .sorted(Comparator.comparing(Release::version).reversed())
                .toList();
    }

    /** Returns the newest release that would do, and was not withdrawn. */
    public Optional<Release> newest(VersionRange range) {
        return releases.stream()
                .filter(release -> !release.isWithdrawn() && range.admits(release.version()))
                .findFirst();
    }

    boolean mentions(String word) {
        String sought = word.toLowerCase(Locale.ROOT);
        return name.toLowerCase(Locale.ROOT).contains(sought)
                || description.toLowerCase(Locale.ROOT).contains(sought);
    }
}
