package io.lb4j.server.admin;

import io.lb4j.server.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * An answer. Immutable but for its body, which nobody changes.
 *
 * @param fields header fields beside length and type
 * @param stream what follows in place of a body
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
record AdminResponse(
        int status, String contentType, byte[] body, Map<String, String> fields, Optional<EventStream> stream) {
    static final String JSON = "application/json";

    AdminResponse(int status, String contentType, byte[] body, Map<String, String> fields) {
        this(status, contentType, body, fields, Optional.empty());
    }

    static AdminResponse stream(EventStream stream) {
        return new AdminResponse(200, "text/event-stream", new byte[0], Map.of(), Optional.of(stream));
    }

    /** Answers with a tree of texts, numbers, booleans, lists and maps. */
    static AdminResponse json(Object tree) {
        return json(200, tree);
    }

    static AdminResponse json(int status, Object tree) {
        return new AdminResponse(status, JSON, Json.write(tree).getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static AdminResponse text(String contentType, String text) {
        return new AdminResponse(200, contentType, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
