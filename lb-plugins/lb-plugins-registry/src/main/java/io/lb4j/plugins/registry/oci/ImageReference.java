package io.lb4j.plugins.registry.oci;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an image is: {@code oci://host/name:tag}, {@code oci://host/name@sha256:…} or with both, where the digest counts. Immutable.
 *
 * @param host with a port, if it has one
 * @param repository the name below the host: {@code plugins/auth}
 * @param tag a name that may come to mean another image
 * @param digest which manifest it has to be
 */
public record ImageReference(String host, String repository, Optional<String> tag, Optional<Digest> digest) {
    /** What an image looks like where it is written down. */
    public static final String EXPECTED = "oci://host/name:tag, or oci://host/name@sha256:…";

    private static final String SCHEME = "oci://";
    private static final int LONGEST_NAME = 255;
    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
                    + "|\\[[0-9a-fA-F:.]+])(:[0-9]{1,5})?");
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    private static final Pattern WHOLE =
            Pattern.compile("(?<host>[^/]+)/(?<name>[^:@]+)(:(?<tag>[^@]+))?(@(?<digest>.+))?");
    private static final Set<String> DOCKER_HUB = Set.of("docker.io", "index.docker.io", "registry-1.docker.io");

    /**
     * Checks each part.
     *
     * @throws IllegalArgumentException if one is not valid, or there is neither a tag nor a digest
     */
    public ImageReference {
        require(HOST.matcher(host).matches());
        require(repository.length() <= LONGEST_NAME && NAME.matcher(repository).matches());
        require(tag.map(text -> TAG.matcher(text).matches()).orElse(digest.isPresent()));
    }

    private static void require(boolean valid) {
        if (!valid) {
            throw new IllegalArgumentException(EXPECTED);
        }
    }

    /**
     * Reads an address.
     *
     * @param text with {@code oci://} or without it
     * @throws IllegalArgumentException if it is none
     */
    public static ImageReference parse(String text) {
        Matcher parts = WHOLE.matcher(text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text);
        require(parts.matches());
        Optional<Digest> digest = Optional.ofNullable(parts.group("digest")).map(Digest::parse);
        return new ImageReference(
                parts.group("host"), parts.group("name"), Optional.ofNullable(parts.group("tag")), digest);
    }

    /** Returns the same image, with a tag in place of its own, and without a digest. */
    public ImageReference withTag(String name) {
        return new ImageReference(host, repository, Optional.of(name), Optional.empty());
    }

    /** Returns the same image, pinned. */
    public ImageReference withDigest(Digest pinned) {
        return new ImageReference(host, repository, tag, Optional.of(pinned));
    }

    /** Returns who is asked: the host, but for Docker Hub, whose registry has another name than its images. */
    String server() {
        return DOCKER_HUB.contains(host) ? "registry-1.docker.io" : host;
    }

    /** Returns what Docker's configuration has this host's credentials by. */
    String credentialKey() {
        return DOCKER_HUB.contains(host) ? "index.docker.io" : host;
    }

    /** Returns the address. */
    @Override
    public String toString() {
        return SCHEME + host + "/" + repository
                + tag.map(name -> ":" + name).orElse("")
                + digest.map(pinned -> "@" + pinned).orElse("");
    }
}
