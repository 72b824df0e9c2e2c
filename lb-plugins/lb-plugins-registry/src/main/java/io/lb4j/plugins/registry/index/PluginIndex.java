package io.lb4j.plugins.registry.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.Json;
import io.lb4j.plugins.registry.oci.RegistryException;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import io.lb4j.plugins.registry.sign.SignedEnvelope;
import io.lb4j.plugins.registry.sign.SigningKey;
import io.lb4j.plugins.registry.sign.TrustedKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The plugins that a publisher offers: one document, signed as a whole. Immutable.
 *
 * @param name of the index
 * @param version a number that grows with each edition, so that an old one is not taken for the present one
 * @param expires until when it is the present one
 * @param plugins by their names
 * @param revoked manifests that are not to be used, though they were published
 */
public record PluginIndex(
        String name, long version, Instant expires, List<IndexedPlugin> plugins, Set<Digest> revoked) {
    /** The type of the document, as a media type. */
    public static final String MEDIA_TYPE = "application/vnd.lb4j.plugin.index.v1+json";

    private static final int SCHEMA_VERSION = 1;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    /** Copies the lists. */
    public PluginIndex {
        plugins = List.copyOf(plugins);
        revoked = Set.copyOf(revoked);
        requireName(name);
        Set<String> names = new HashSet<>();
        for (IndexedPlugin plugin : plugins) {
            requireName(plugin.name());
            if (!names.add(plugin.name())) {
                throw new IllegalArgumentException("plugin: \"" + plugin.name() + "\" (expected: each name once)");
            }
        }
    }

    /**
     * Checks a name.
     *
     * @throws IllegalArgumentException if it is none
     */
    static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name: \"" + name + "\" (expected: letters, digits, _, . and -)");
        }
    }

    /**
     * Reads an index that one of some publishers has signed.
     *
     * @param envelope as {@link #seal} makes it
     * @throws RegistryException if nobody of them has signed it, or it cannot be read
     */
    public static PluginIndex open(byte[] envelope, List<TrustedKey> keys) throws RegistryException {
        return parse(SignedEnvelope.open(envelope, MEDIA_TYPE, keys));
    }

    /**
     * Reads an index that is yet to be signed.
     *
     * @throws RegistryException if it cannot be read
     */
    public static PluginIndex parse(byte[] document) throws RegistryException {
        JsonNode node = Json.object(document, "index");
        try {
            if (node.path("schema_version").asInt() != SCHEMA_VERSION) {
                throw new IllegalArgumentException(
                        "schema_version: " + node.path("schema_version") + " (expected: " + SCHEMA_VERSION + ")");
            }
            List<IndexedPlugin> plugins = new ArrayList<>();
            for (JsonNode each : node.path("plugins")) {
                plugins.add(plugin(each));
            }
            Set<Digest> revoked = new HashSet<>();
            for (JsonNode each : node.path("revoked")) {
                revoked.add(Digest.parse(each.asText()));
            }
            return new PluginIndex(
                    node.path("name").asText(),
                    node.path("version").asLong(),
                    Instant.parse(node.path("expires").asText()),
                    plugins,
                    revoked);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new RegistryException(Reason.MALFORMED, "index: " + e.getMessage(), e);
        }
    }

    private static IndexedPlugin plugin(JsonNode node) {
        List<Release> releases = new ArrayList<>();
        for (JsonNode each : node.path("releases")) {
            releases.add(new Release(
                    SemanticVersion.parse(each.path("version").asText()),
                    ImageReference.parse(each.path("image").asText()),
                    each.path("withdrawn").asBoolean()));
        }
        return new IndexedPlugin(
                node.path("name").asText(),
                node.path("description").asText(),
                node.path("license").asText(),
                releases);
    }

    /** Signs the index, and returns the file to publish. */
    public byte[] seal(Map<String, SigningKey> signers) {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("schema_version", SCHEMA_VERSION).put("name", name).put("version", version);
        node.put("expires", expires.toString());
        ArrayNode listed = node.putArray("plugins");
        for (IndexedPlugin plugin : plugins) {
            ObjectNode entry = listed.addObject();
            entry.put("name", plugin.name())
                    .put("description", plugin.description())
                    .put("license", plugin.license());
            ArrayNode releases = entry.putArray("releases");
            for (Release release : plugin.releases()) {
                releases.addObject()
                        .put("version", release.version().toString())
                        .put("image", release.image().toString())
                        .put("withdrawn", release.isWithdrawn());
            }
        }
        ArrayNode refused = node.putArray("revoked");
        revoked.stream().map(Digest::toString).sorted().forEach(refused::add);
        return SignedEnvelope.seal(Json.write(node), MEDIA_TYPE, signers);
    }

    /** Returns the plugins whose name or description has all of some words. */
    public List<IndexedPlugin> search(String words) {
        List<String> sought = Arrays.stream(words.strip().split("\\s+", -1)).toList();
        return plugins.stream()
                .filter(plugin -> sought.stream().allMatch(plugin::mentions))
                .toList();
    }

    /** Returns a plugin. */
    public Optional<IndexedPlugin> plugin(String wanted) {
        return plugins.stream().filter(plugin -> plugin.name().equals(wanted)).findFirst();
    }

    /**
     * Returns the newest release of a plugin that would do.
     *
     * @throws RegistryException if there is none that was neither withdrawn nor revoked
     */
    public Release resolve(String wanted, VersionRange range) throws RegistryException {
        IndexedPlugin plugin = plugin(wanted)
                .orElseThrow(() -> new RegistryException(
                        Reason.NOT_FOUND, "plugin: \"" + wanted + "\" (expected: one of index " + name + ")"));
        List<Release> usable = plugin.releases().stream()
                .filter(release ->
                        release.image().digest().filter(revoked::contains).isEmpty())
                .toList();
        return new IndexedPlugin(plugin.name(), plugin.description(), plugin.license(), usable)
                .newest(range)
                .orElseThrow(() -> new RegistryException(
                        Reason.NOT_FOUND,
                        wanted + ": no version " + range + " (expected: one of "
                                + usable.stream().map(Release::version).toList() + ")"));
    }
}
