package io.lb4j.plugins.registry.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.lb4j.plugins.registry.oci.Json;
import io.lb4j.plugins.registry.oci.RegistryException;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import io.lb4j.plugins.wasm.ModuleUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a plugin's publisher says of it, in JSON, in a layer beside the module. Immutable.
 *
 * @param abi what it is made for: {@code proxy-wasm} or {@code http-wasm}; empty if that is not said
 * @param capabilities names of all functions that it calls, and of callbacks that it cannot do without; empty if that is not said
 * @param needs what it cannot do with less of
 * @param schema of its configuration; empty if that is not said
 */
public record PluginManifest(
        Optional<String> abi, Optional<Set<String>> capabilities, Needs needs, Optional<ConfigSchema> schema) {
    /** The layer that holds it. */
    public static final String MEDIA_TYPE = "application/vnd.lb4j.plugin.manifest.v1+json";

    /** Octets that it may have. */
    public static final int LONGEST = 256 * 1024;

    private static final int SCHEMA_VERSION = 1;

    /**
     * What a plugin cannot do with less of; zero if that is not said.
     *
     * @param memory octets for each instance
     * @param callTime of the processor, for one call
     */
    public record Needs(long memory, Duration callTime) {}

    /** Copies the set. */
    public PluginManifest {
        capabilities = capabilities.map(Set::copyOf);
    }

    /**
     * Reads a manifest.
     *
     * @throws RegistryException if it cannot be read
     */
    public static PluginManifest parse(byte[] octets) throws RegistryException {
        JsonNode node = Json.object(octets, "plugin manifest");
        if (node.path("schema_version").asInt() != SCHEMA_VERSION) {
            throw malformed("schema_version: " + node.path("schema_version") + " (expected: " + SCHEMA_VERSION + ")");
        }
        Optional<Set<String>> capabilities =
                node.has("capabilities") ? Optional.of(names(node.get("capabilities"))) : Optional.empty();
        JsonNode needs = node.path("needs");
        Duration callTime = Duration.ofMillis(needs.path("call_time_millis").asLong());
        Optional<ConfigSchema> schema =
                node.has("config") ? Optional.of(ConfigSchema.of(node.get("config"))) : Optional.empty();
        return new PluginManifest(
                Json.text(node, "abi"),
                capabilities,
                new Needs(needs.path("memory").asLong(), callTime),
                schema);
    }

    private static Set<String> names(JsonNode list) throws RegistryException {
        if (!(list instanceof ArrayNode)) {
            throw malformed("capabilities: (expected: a list)");
        }
        Set<String> names = new TreeSet<>();
        list.forEach(each -> names.add(each.asText()));
        return names;
    }

    private static RegistryException malformed(String message) {
        return new RegistryException(Reason.MALFORMED, "plugin manifest: " + message);
    }

    /**
     * Judges what a module is to be run with.
     *
     * @throws RegistryException with all that does not fit
     */
    public void require(ModuleUse use) throws RegistryException {
        List<String> faults = new ArrayList<>();
        abi.filter(wanted -> !wanted.equals(use.abi()))
                .ifPresent(wanted ->
                        faults.add("abi: " + use.abi() + " (expected: " + wanted + ", as its manifest says)"));
        capabilities.ifPresent(asked -> {
            without(use.imports(), asked)
                    .forEach(name ->
                            faults.add("import " + name + " (expected: among the capabilities of its manifest)"));
            use.capabilities()
                    .ifPresent(granted -> without(asked, granted)
                            .forEach(name -> faults.add(
                                    "capabilities: no " + name + " (expected: granted, for the plugin needs it)")));
        });
        if (use.maxMemory() < needs.memory()) {
            faults.add("max_memory: " + use.maxMemory() + " (expected: >= " + needs.memory() + ")");
        }
        if (use.callTime().compareTo(needs.callTime()) < 0) {
            faults.add("call_time: " + use.callTime().toMillis() + "ms (expected: >= "
                    + needs.callTime().toMillis() + "ms)");
        }
        if (schema.isPresent()) {
            faults.addAll(schema.get().faults(use.config()));
        }
        if (!faults.isEmpty()) {
            throw new RegistryException(Reason.UNFIT, String.join("; ", faults));
        }
    }

    private static Set<String> without(Set<String> names, Set<String> others) {
        Set<String> rest = new TreeSet<>(names);
        rest.removeAll(others);
        return rest;
    }
}
