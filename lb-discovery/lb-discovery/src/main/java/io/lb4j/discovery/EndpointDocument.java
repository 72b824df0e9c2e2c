package io.lb4j.discovery;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lb4j.model.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Reads documents that name endpoints. Immutable, but for what its reader remembers having complained about. */
final class EndpointDocument {
    private static final ObjectMapper MAPPER = EndpointJson.newMapper();
    private static final List<String> MAY_BE_ELSEWHERE = List.of("weight", "zone", "version", "name");
    private static final JsonPointer LIST = JsonPointer.compile("/endpoints");
    private static final List<String> KNOWN =
            List.of("host", "port", "weight", "zone", "version", "tags", "healthy", "name");

    private final DocumentShape shape;
    private final Optional<JsonPointer> list;
    private final Map<String, String> fields;
    private final EntryReader reader;

    EndpointDocument(DocumentShape shape, Optional<JsonPointer> list, Map<String, String> fields, String source) {
        this.shape = shape;
        this.list = list;
        this.fields = Map.copyOf(fields);
        this.reader = new EntryReader(source);
    }

    /** Returns a reader of documents in the default shape. */
    static EndpointDocument inDefaultShape(String source) {
        return new EndpointDocument(DocumentShape.ENDPOINTS, Optional.empty(), Map.of(), source);
    }

    /**
     * Reads a document.
     *
     * @throws IOException if it is not JSON, or has no list of entries where one should be
     */
    Entries read(String document) throws IOException {
        JsonNode root;
        try {
            root = MAPPER.readTree(withoutMark(document));
        } catch (JsonProcessingException e) {
            throw new IOException("not JSON: " + e.getOriginalMessage(), e);
        }
        List<Entries> entries = new ArrayList<>();
        int index = 0;
        for (JsonNode entry : shape == DocumentShape.EUREKA ? ForeignShapes.eurekaInstances(root) : entriesOf(root)) {
            entries.add(reader.read(keyOf(entry, index++), () -> endpoint(entry)));
        }
        return Entries.join(entries);
    }

    /** Returns a text without the mark that some editors and servers begin UTF-8 with (RFC 8259 §8.1 lets it be ignored). */
    static String withoutMark(String text) {
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    private JsonNode entriesOf(JsonNode root) throws IOException {
        JsonPointer place = list.orElse(root.isArray() ? JsonPointer.empty() : LIST);
        JsonNode found = root.at(place);
        if (!found.isArray()) {
            throw new IOException("no list of entries at \"" + place + "\" (expected: an array)");
        }
        return found;
    }

    /** What stays the same while other entries come and go, for messages. */
    private static String keyOf(JsonNode entry, int index) {
        for (String key : List.of("id", "instanceId", "ServiceID", "host")) {
            if (entry.path(key).isValueNode()) {
                return entry.path(key).asText();
            }
        }
        String nested = entry.path("Service").path("ID").asText("");
        return nested.isEmpty() ? "#" + index : nested;
    }

    private Optional<Endpoint> endpoint(JsonNode entry) {
        return switch (shape) {
            case ENDPOINTS -> EndpointJson.read(fields.isEmpty() ? entry : mapped(entry));
            case CONSUL -> ForeignShapes.consul(entry).flatMap(EndpointJson::read);
            case EUREKA -> ForeignShapes.eureka(entry).flatMap(EndpointJson::read);
        };
    }

    /** Returns the entry as it would be in the default shape. What goes by the same name there and is something else is not meant. */
    private JsonNode mapped(JsonNode entry) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        entry.properties().forEach(member -> {
            boolean isMeant = !MAY_BE_ELSEWHERE.contains(member.getKey())
                    || member.getValue().isValueNode();
            if (isMeant) {
                result.set(member.getKey(), member.getValue());
            }
        });
        if (!isOfValues(entry.path("tags"))) {
            result.remove("tags");
        }
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        entry.path("metadata").properties().forEach(member -> {
            if (member.getValue().isValueNode()) {
                metadata.set(member.getKey(), member.getValue());
            }
        });
        fields.forEach((name, pointer) -> {
            JsonNode found = entry.at(pointer);
            if (!found.isMissingNode()) {
                (KNOWN.contains(name) ? result : metadata).set(name, found);
            }
        });
        result.set("metadata", metadata);
        return result;
    }

    private static boolean isOfValues(JsonNode node) {
        return node.isArray()
                ? StreamSupport.stream(node.spliterator(), false).allMatch(JsonNode::isValueNode)
                : node.isValueNode();
    }
}
