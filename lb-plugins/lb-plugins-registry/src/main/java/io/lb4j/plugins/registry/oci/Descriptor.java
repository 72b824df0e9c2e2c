package io.lb4j.plugins.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.util.HashMap;
import java.util.Map;

/**
 * What a manifest says of a blob or of another manifest. Immutable.
 *
 * @param mediaType what it is
 * @param digest of its octets
 * @param size in octets
 * @param annotations texts by their names
 * @param architecture that an image is for; empty if that is not said
 */
public record Descriptor(
        String mediaType, Digest digest, long size, Map<String, String> annotations, String architecture) {
    /** Copies the annotations. */
    public Descriptor {
        annotations = Map.copyOf(annotations);
    }

    /** Creates one without annotations. */
    static Descriptor of(String mediaType, byte[] octets) {
        return new Descriptor(mediaType, Digest.of(octets), octets.length, Map.of(), "");
    }

    static Descriptor parse(JsonNode node) throws RegistryException {
        try {
            Digest digest = Digest.parse(node.path("digest").asText());
            JsonNode size = node.path("size");
            if (!size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 0) {
                throw new RegistryException(Reason.MALFORMED, "manifest: size of " + digest + " (expected: >= 0)");
            }
            String architecture = node.path("platform").path("architecture").asText();
            return new Descriptor(
                    node.path("mediaType").asText(),
                    digest,
                    size.longValue(),
                    texts(node.path("annotations")),
                    architecture);
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Reason.MALFORMED, "manifest: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> texts(JsonNode node) {
        Map<String, String> texts = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            texts.put(each.getKey(), each.getValue().asText());
        }
        return texts;
    }
}
