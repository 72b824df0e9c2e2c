package io.lb4j.plugins.registry.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.Json;
import io.lb4j.plugins.registry.oci.RegistryException;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is installed, exactly: two machines with the same lock file have the same plugins. Immutable.
 *
 * @param index the name of the index that was seen last; empty if there was none
 * @param indexVersion the highest number that it has had
 * @param revoked manifests that it has said are not to be used
 * @param plugins by their names
 */
record LockFile(String index, long indexVersion, Set<Digest> revoked, Map<String, LockedPlugin> plugins) {
    private static final String PREVIOUS = "previous";
    private static final String REVOKED = "revoked";

    LockFile {
        revoked = Set.copyOf(revoked);
        plugins = Collections.unmodifiableMap(new TreeMap<>(plugins));
    }

    /** Reads a file; one that is not there names nothing. */
    static LockFile read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new LockFile("", 0, Set.of(), Map.of());
        }
        JsonNode node = Json.object(Files.readAllBytes(file), file.toString());
        Map<String, LockedPlugin> plugins = new TreeMap<>();
        Set<Digest> revoked = new HashSet<>();
        try {
            for (JsonNode each : node.path(REVOKED)) {
                revoked.add(Digest.parse(each.asText()));
            }
            for (Map.Entry<String, JsonNode> each : node.path("plugins").properties()) {
                PluginIndex.requireName(each.getKey()); // it becomes a file's
                plugins.put(each.getKey(), plugin(each.getValue()));
            }
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Reason.MALFORMED, file + ": " + e.getMessage(), e);
        }
        JsonNode index = node.path("index");
        return new LockFile(index.path("name").asText(), index.path("version").asLong(), revoked, plugins);
    }

    private static LockedPlugin plugin(JsonNode node) {
        return new LockedPlugin(
                VersionRange.parse(node.path("range").asText()),
                SemanticVersion.parse(node.path("version").asText()),
                ImageReference.parse(node.path("image").asText()),
                Digest.parse(node.path("module").asText()),
                node.has(PREVIOUS) ? Optional.of(plugin(node.get(PREVIOUS))) : Optional.empty());
    }

    /** Writes the file, in place of what it was. */
    void write(Path file) throws IOException {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("schema_version", 1);
        node.putObject("index").put("name", index).put("version", indexVersion);
        ArrayNode refused = node.putArray(REVOKED);
        revoked.stream().map(Digest::toString).sorted().forEach(refused::add);
        ObjectNode listed = node.putObject("plugins");
        plugins.forEach((name, plugin) -> listed.set(name, node(plugin)));
        replace(file, pretty(node).getBytes(StandardCharsets.UTF_8));
    }

    private static String pretty(ObjectNode node) {
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree in memory cannot fail to be written", e);
        }
    }

    private static ObjectNode node(LockedPlugin plugin) {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("range", plugin.range().toString());
        node.put("version", plugin.version().toString());
        node.put("image", plugin.image().toString());
        node.put("module", plugin.module().toString());
        plugin.previous().ifPresent(before -> node.set(PREVIOUS, node(before)));
        return node;
    }

    /** Has a file hold other octets, at once. */
    static void replace(Path file, byte[] octets) throws IOException {
        Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), ".lb4j", ".part");
        try {
            Files.write(fresh, octets);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
