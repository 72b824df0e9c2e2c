package io.lb4j.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lb4j.model.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Entries as Consul and Eureka have them, turned into those of {@link EndpointJson}. */
final class ForeignShapes {
    private static final String PASSING = "passing";
    private static final String WEIGHT = "weight";
    private static final long LARGEST_WEIGHT = 1_000_000;

    private ForeignShapes() {}

    /** An instance of {@code /v1/health/service/…}, or of {@code /v1/catalog/service/…}; empty if a check of it does not pass. */
    static Optional<JsonNode> consul(JsonNode entry) {
        for (JsonNode check : entry.path("Checks")) {
            if (!PASSING.equals(check.path("Status").asText())) {
                return Optional.empty();
            }
        }
        boolean isHealth = entry.has("Service");
        JsonNode service = isHealth ? entry.path("Service") : entry;
        String prefix = isHealth ? "" : "Service";
        JsonNode node = isHealth ? entry.path("Node") : entry;
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        String own = service.path(prefix + "Address").asText("");
        result.put("host", own.isEmpty() ? node.path("Address").asText("") : own);
        result.set("port", service.path(prefix + "Port"));
        result.set("tags", service.path(prefix + "Tags"));
        long weight = service.path(prefix + "Weights").path("Passing").asLong(1);
        result.put(WEIGHT, Math.min(LARGEST_WEIGHT, weight * Endpoint.DEFAULT_WEIGHT));
        ObjectNode metadata = result.putObject("metadata");
        metadata.put("datacenter", node.path("Datacenter").asText(""));
        if (service.path(prefix + "Meta").isObject()) {
            metadata.setAll((ObjectNode) service.path(prefix + "Meta"));
            if (metadata.has(WEIGHT)) {
                result.set(WEIGHT, metadata.remove(WEIGHT)); // finer than Consul's, as registrars here announce it
            }
        }
        return Optional.of(result);
    }

    /** All instances of a document of Eureka's; where there is one of something, it may stand there without a list. */
    static List<JsonNode> eurekaInstances(JsonNode root) throws IOException {
        List<JsonNode> instances = new ArrayList<>();
        if (!root.has("application") && !root.has("applications") && !root.has("instance")) {
            throw new IOException("neither application nor applications (expected: what Eureka answers)");
        }
        eachOf(root.path("instance")).forEach(instances::add);
        List<JsonNode> applications = new ArrayList<>(eachOf(root.path("application")));
        applications.addAll(eachOf(root.path("applications").path("application")));
        for (JsonNode application : applications) {
            instances.addAll(eachOf(application.path("instance")));
        }
        return instances;
    }

    private static List<JsonNode> eachOf(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return List.of();
        }
        List<JsonNode> each = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(each::add);
        } else {
            each.add(node);
        }
        return each;
    }

    /** An instance of Eureka's; empty if it is not {@code UP}. */
    static Optional<JsonNode> eureka(JsonNode instance) {
        if (!"UP".equals(instance.path("status").asText())) {
            return Optional.empty();
        }
        boolean isSecure = !isEnabled(instance.path("port")) && isEnabled(instance.path("securePort"));
        JsonNode port = instance.path(isSecure ? "securePort" : "port");
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        String address = instance.path("ipAddr").asText("");
        String name = instance.path("hostName").asText("");
        result.put("host", address.isEmpty() ? name : address);
        if (!name.isEmpty()) {
            result.put("name", name);
        }
        result.set("port", port.isObject() ? port.path("$") : port);
        ObjectNode metadata = result.putObject("metadata");
        if (instance.path("metadata").isObject()) {
            metadata.setAll((ObjectNode) instance.path("metadata"));
        }
        metadata.remove("@class");
        JsonNode zone = instance.path("dataCenterInfo").path("metadata").path("availability-zone");
        if (zone.isTextual() && !metadata.has("zone")) {
            metadata.set("zone", zone);
        }
        return Optional.of(result);
    }

    private static boolean isEnabled(JsonNode port) {
        return port.isObject() ? port.path("@enabled").asBoolean(true) : port.asInt(0) > 0;
    }
}
