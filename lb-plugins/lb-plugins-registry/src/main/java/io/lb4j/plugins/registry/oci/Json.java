package io.lb4j.plugins.registry.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** JSON of others, read strictly: no key twice, nothing behind its end, no deep nesting. Thread-safe. */
public final class Json {
    private static final int DEEPEST = 64;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * Reads an object.
     *
     * @param what it is, for the message
     * @throws RegistryException if it is none, as {@link RegistryException.Reason#MALFORMED}; the message shows nothing of it
     */
    public static JsonNode object(byte[] octets, String what) throws RegistryException {
        try {
            JsonNode node = MAPPER.readTree(octets);
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw malformed(what + ": no JSON, or keys twice, or too deep"); // its own message shows what was read
        } catch (IOException e) {
            throw new UncheckedIOException("octets in memory cannot fail to be read", e);
        }
        throw malformed(what + ": no JSON object");
    }

    private static RegistryException malformed(String message) {
        return new RegistryException(RegistryException.Reason.MALFORMED, message);
    }

    /** Returns a text; empty if there is none, or anything else in its place. */
    public static Optional<String> text(JsonNode object, String key) {
        JsonNode value = object.get(key);
        return value != null && value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    /** Writes a tree, without any space. */
    public static byte[] write(JsonNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a tree in memory cannot fail to be written", e);
        }
    }

    /** Returns what makes and reads trees. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }
}
