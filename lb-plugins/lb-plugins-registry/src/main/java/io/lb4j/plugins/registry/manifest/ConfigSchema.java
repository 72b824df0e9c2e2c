package io.lb4j.plugins.registry.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import io.lb4j.plugins.registry.oci.Json;
import io.lb4j.plugins.registry.oci.RegistryException;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON Schema (2020-12) of a plugin's configuration. What it refers to has to be in it: nothing is fetched. Immutable. */
public final class ConfigSchema {
    private static final int MOST_FAULTS = 20;

    private final Schema schema;

    private ConfigSchema(Schema schema) {
        this.schema = schema;
    }

    /**
     * Reads a schema.
     *
     * @throws RegistryException if it is none
     */
    static ConfigSchema of(JsonNode node) throws RegistryException {
        Dialect dialect = Dialects.getDraft202012();
        try {
            SchemaRegistry registry = SchemaRegistry.withDialect(dialect);
            List<Error> faults =
                    registry.getSchema(SchemaLocation.of(dialect.getId())).validate(node);
            if (!faults.isEmpty()) {
                throw malformed(told(faults.get(0)), null);
            }
            Schema schema = registry.getSchema(node);
            schema.initializeValidators();
            return new ConfigSchema(schema);
        } catch (SchemaException e) {
            throw malformed(e.getMessage(), e);
        }
    }

    private static RegistryException malformed(@Nullable String what, @Nullable Throwable cause) {
        String message = "plugin manifest: " + what;
        return cause == null
                ? new RegistryException(Reason.MALFORMED, message)
                : new RegistryException(Reason.MALFORMED, message, cause);
    }

    /**
     * Judges a configuration.
     *
     * @param config JSON; nothing at all counts as an object without entries
     * @return what is wrong, each with its place
     */
    List<String> faults(String config) {
        JsonNode node;
        try {
            node = Json.object((config.isEmpty() ? "{}" : config).getBytes(StandardCharsets.UTF_8), "config");
        } catch (RegistryException e) {
            return List.of("config: (expected: a JSON object)");
        }
        return schema.validate(node).stream()
                .limit(MOST_FAULTS)
                .map(ConfigSchema::told)
                .toList();
    }

    private static String told(Error fault) {
        return place(fault.getInstanceLocation().toString()) + ": " + fault.getMessage();
    }

    /** Writes a JSON Pointer as paths of configurations are written. */
    private static String place(String pointer) {
        return "config"
                + pointer.replaceAll("/([0-9]+)(?=/|$)", "[$1]")
                        .replace('/', '.')
                        .replace("~1", "/")
                        .replace("~0", "~");
    }
}
