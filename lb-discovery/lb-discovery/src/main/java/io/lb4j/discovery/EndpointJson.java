package io.lb4j.discovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lb4j.model.Endpoint;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of one endpoint, as registries without a shape of their own keep it:
 *
 * <pre>{@code
 * {"host": "10.0.0.7", "port": 8080, "weight": 100, "zone": "a", "version": "1.4", "tags": ["blue"], "healthy": true,
 *  "name": "api.internal", "metadata": {"team": "search"}}
 * }</pre>
 *
 * <p>{@code host} and {@code port} are required; a text {@code "10.0.0.7:8080"} is the short form. {@code name} is what TLS asks for and
 * verifies. Further keys are ignored. Thread-safe.
 */
public final class EndpointJson {
    private static final ObjectMapper MAPPER = newMapper();
    private static final int LONGEST_NUMBER = 20;
    private static final List<String> TEXTS = List.of("zone", "version");
    private static final String TAGS = "tags";

    private EndpointJson() {}

    /** What follows a document makes it something else, such as two that were written into one another. */
    static ObjectMapper newMapper() {
        return new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /**
     * Parses a text: JSON, or {@code host:port} alone.
     *
     * @return empty if it says that the endpoint is not healthy
     * @throws IllegalArgumentException if it is neither
     */
    public static Optional<Endpoint> parse(String text) {
        String trimmed = text.strip();
        if (!trimmed.startsWith("{") && !trimmed.startsWith("\"")) {
            return Optional.of(ofAddress(trimmed));
        }
        try {
            return read(MAPPER.readTree(trimmed));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads a node.
     *
     * @return empty if it says that the endpoint is not healthy
     * @throws IllegalArgumentException if something is missing, or of another type
     */
    public static Optional<Endpoint> read(JsonNode node) {
        if (node.isTextual()) {
            return Optional.of(ofAddress(node.textValue()));
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException("entry: " + kind(node) + " (expected: an object, or \"host:port\")");
        }
        if (!isHealthy(node)) {
            return Optional.empty();
        }
        String host = text(node, "host")
                .map(HostRule::withoutBrackets)
                .orElseThrow(() -> new IllegalArgumentException("host: missing"));
        return Optional.of(new Endpoint(
                host,
                number(node, "port").orElseThrow(() -> new IllegalArgumentException("port: missing")),
                number(node, "weight").orElse(Endpoint.DEFAULT_WEIGHT),
                metadata(node),
                text(node, "name").orElse(host)));
    }

    private static boolean isHealthy(JsonNode node) {
        String said = text(node, "healthy").orElse("true");
        return switch (said) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            // A word such as DOWN must not pass for a yes.
            default -> throw new IllegalArgumentException("healthy: " + abridged(said) + " (expected: true or false)");
        };
    }

    private static Map<String, String> metadata(JsonNode node) {
        Map<String, String> metadata = new HashMap<>();
        JsonNode more = node.path("metadata");
        if (!more.isMissingNode() && !more.isNull() && !more.isObject()) {
            throw new IllegalArgumentException("metadata: " + kind(more) + " (expected: an object)");
        }
        more.properties()
                .forEach(entry -> text(more, entry.getKey()).ifPresent(value -> metadata.put(entry.getKey(), value)));
        TEXTS.forEach(key -> text(node, key).ifPresent(value -> metadata.put(key, value)));
        JsonNode tags = node.path(TAGS);
        if (tags.isArray()) {
            List<String> texts = new ArrayList<>();
            for (JsonNode tag : tags) {
                if (!tag.isNull()) {
                    texts.add(scalar(TAGS, tag));
                }
            }
            metadata.put(TAGS, String.join(",", texts));
        } else {
            text(node, TAGS).ifPresent(value -> metadata.put(TAGS, value));
        }
        return metadata;
    }

    /** Returns the text under a key, where there is one. */
    static Optional<String> text(JsonNode node, String key) {
        JsonNode value = node.path(key);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(scalar(key, value));
    }

    /** Returns the whole number under a key, where there is one; a text of digits is one too, and so is 8080.0. */
    static Optional<Integer> number(JsonNode node, String key) {
        return text(node, key).map(text -> number(key, text));
    }

    private static int number(String key, String text) {
        try {
            if (text.length() <= LONGEST_NUMBER) {
                return new BigDecimal(text).intValueExact();
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw noNumber(key, text, e);
        }
        throw noNumber(key, text, null);
    }

    private static IllegalArgumentException noNumber(String key, String text, @Nullable RuntimeException cause) {
        return new IllegalArgumentException(key + ": " + abridged(text) + " (expected: a whole number)", cause);
    }

    private static String scalar(String key, JsonNode value) {
        if (!value.isValueNode()) {
            throw new IllegalArgumentException(key + ": " + kind(value) + " (expected: a text or a number)");
        }
        return value.asText();
    }

    private static String kind(JsonNode node) {
        return node.getNodeType().toString().toLowerCase(Locale.ROOT);
    }

    private static Endpoint ofAddress(String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? "" : address.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        try {
            if (!bracketed && host.indexOf(':') >= 0) {
                throw new NumberFormatException("an IPv6 address without brackets");
            }
            return Endpoint.of(
                    bracketed ? host.substring(1, host.length() - 1) : host,
                    Integer.parseInt(address.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("entry: " + abridged(address) + " (expected: JSON, or host:port)", e);
        }
    }

    private static String abridged(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    /** Returns the JSON of an endpoint, as {@link #parse} reads it. */
    public static String write(Endpoint endpoint) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("host", endpoint.host());
        node.put("port", endpoint.port());
        node.put("weight", endpoint.weight());
        if (!endpoint.name().equals(endpoint.host())) {
            node.put("name", endpoint.name());
        }
        ObjectNode metadata = node.putObject("metadata");
        endpoint.metadata().forEach(metadata::put);
        return node.toString();
    }
}
