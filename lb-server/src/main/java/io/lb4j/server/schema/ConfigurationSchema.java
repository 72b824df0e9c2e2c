package io.lb4j.server.schema;

import io.lb4j.config.LimitType;
import io.lb4j.config.ListType;
import io.lb4j.config.MapType;
import io.lb4j.config.Option;
import io.lb4j.config.OptionType;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.PartFactory;
import io.lb4j.config.PartType;
import io.lb4j.config.ScalarType;
import io.lb4j.config.Section;
import io.lb4j.config.SectionType;
import io.lb4j.model.Configuration;
import io.lb4j.model.Listener;
import io.lb4j.model.PluginUse;
import io.lb4j.server.config.ServerConfiguration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON Schema (2020-12) of configurations in YAML. It is made of the options' declarations, so that it cannot say anything else than what is read; where a
 * value has further rules, they are in its description. Confined to one thread.
 */
public final class ConfigurationSchema {
    private static final Map<String, Object> PLACEHOLDER = Map.of("type", "string", "pattern", "\\$\\{");

    private final PartCatalog parts;
    private final Examples examples;
    private final Map<String, Object> definitions = new LinkedHashMap<>();
    private final IdentityHashMap<Section, String> names = new IdentityHashMap<>();

    private ConfigurationSchema(PartCatalog parts) {
        this.parts = parts;
        this.examples = new Examples(parts);
    }

    /**
     * Returns the schema as texts, numbers, booleans, lists and maps.
     *
     * @param parts the code that configurations may name
     */
    public static Map<String, Object> of(PartCatalog parts) {
        return new ConfigurationSchema(parts).root();
    }

    private Map<String, Object> root() {
        Map<String, Object> properties = new LinkedHashMap<>(properties(Configuration.SECTION));
        properties.putAll(properties(ServerConfiguration.SECTION));
        properties.put("plugins", anyOf(List.of(properties.get("plugins"), wasmForm())));
        properties.put("acme", typed(Configuration.ACME_KIND, "acme", "Certificates; its type goes without saying."));
        properties.put(
                "lets_encrypt",
                typed(Configuration.ACME_KIND, "acme", "acme with the terms of Let's Encrypt accepted."));
        properties.put("http3", typed(Listener.TRANSPORT, "h3", "HTTP/3 for the listener with TLS that has its port."));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "A configuration of lb4j");
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("patternProperties", Map.of("^x-", Map.of()));
        schema.put("additionalProperties", false);
        schema.put("$defs", definitions);
        return schema;
    }

    /** A part whose type goes without saying; anything where its module is not there. */
    private Map<String, Object> typed(String kind, String name, String description) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", description);
        schema.put("type", "object");
        Optional<PartFactory<?>> factory = parts.find(kind, name);
        if (factory.isPresent()) {
            Map<String, Object> properties =
                    new LinkedHashMap<>(properties(factory.get().section()));
            properties.put(PartType.TYPE_KEY, Map.of("const", name));
            properties.put("host", Map.of("type", "string"));
            // A provider of DNS may stand there by its name alone.
            properties.computeIfPresent(
                    "dns_provider", (key, value) -> anyOf(List.of(value, Map.of("type", "string"))));
            schema.put("properties", properties);
            schema.put("additionalProperties", false);
        }
        return schema;
    }

    private Map<String, Object> wasmForm() {
        Map<String, Object> plugin = new LinkedHashMap<>(properties(PluginUse.SECTION));
        plugin.put("path", Map.of("type", "string", "description", "The file."));
        Map<String, Object> form = new LinkedHashMap<>();
        form.put("type", "object");
        form.put(
                "properties",
                Map.of(
                        "enabled",
                        Map.of("type", "boolean", "description", "Whether any plugin takes part."),
                        "wasm_plugins",
                        Map.of("type", "array", "items", Map.of("type", "object", "properties", plugin))));
        return form;
    }

    private Map<String, Object> properties(Section section) {
        Map<String, Object> defaults = Defaults.of(section);
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Option<?> option : section.options()) {
            Map<String, Object> property = new LinkedHashMap<>();
            String absent = option.whenAbsent().isEmpty() ? "" : " Without it: " + option.whenAbsent() + ".";
            property.put("description", option.doc() + absent);
            property.putAll(schema(option.type()));
            if (defaults.containsKey(option.name())) {
                property.put("default", defaults.get(option.name()));
            }
            examples.of(section, option).ifPresent(example -> property.put("examples", List.of(example)));
            properties.put(option.name(), property);
        }
        return properties;
    }

    private Map<String, Object> schema(OptionType<?> type) {
        if (type instanceof ScalarType<?> scalar) {
            return scalar(scalar);
        }
        if (type instanceof LimitType<?> limit) {
            return anyOf(List.of(scalar(limit.bound()), Map.of("const", "unlimited")));
        }
        if (type instanceof ListType<?> list) {
            return list(list);
        }
        if (type instanceof MapType<?> map) {
            return Map.of("type", "object", "additionalProperties", scalar(map.value()));
        }
        if (type instanceof SectionType section) {
            return section(section.section());
        }
        return type instanceof PartType part ? part(part) : Map.of("type", "object");
    }

    /** A value, or one that stands elsewhere; what is a text to us may look like a number to YAML. */
    private static Map<String, Object> scalar(ScalarType<?> type) {
        if (!type.choices().isEmpty()) {
            return anyOf(List.of(Map.of("enum", type.choices()), Map.of("enum", spoken(type.choices())), PLACEHOLDER));
        }
        return switch (type.json()) {
            case STRING -> described(Map.of("type", List.of("string", "number", "boolean")), type);
            case INTEGER -> described(anyOf(List.of(Map.of("type", "integer"), PLACEHOLDER)), type);
            case BOOLEAN -> anyOf(List.of(Map.of("type", "boolean"), PLACEHOLDER));
        };
    }

    /** Choices such as 1.3 are numbers to YAML. */
    private static List<Object> spoken(List<String> choices) {
        List<Object> numbers = new ArrayList<>();
        for (String choice : choices) {
            numbers.add(choice.matches("\\d+(\\.\\d+)?") ? (Object) Double.valueOf(choice) : choice);
        }
        return numbers;
    }

    private static Map<String, Object> described(Map<String, Object> schema, OptionType<?> type) {
        Map<String, Object> described = new LinkedHashMap<>(schema);
        described.put("$comment", type.expected());
        return described;
    }

    private Map<String, Object> list(ListType<?> list) {
        Map<String, Object> element = schema(list.element());
        List<Object> forms = new ArrayList<>();
        forms.add(Map.of("type", "array", "items", element));
        boolean isNamed = list.element() instanceof SectionType section
                && section.section().key().isPresent();
        forms.add(isNamed ? Map.of("type", "object", "additionalProperties", element) : element);
        return anyOf(forms);
    }

    private Map<String, Object> section(Section section) {
        String known = names.get(section);
        if (known == null) {
            known = nameOf(section.name());
            names.put(section, known);
            definitions.put(known, Map.of()); // its place, before those that it names
            definitions.put(known, definition(section, properties(section)));
        }
        return Map.of("$ref", "#/$defs/" + known);
    }

    private String nameOf(String wanted) {
        String name = wanted;
        for (int number = 2; definitions.containsKey(name); number++) {
            name = wanted + "-" + number;
        }
        return name;
    }

    /** A section may be without its name where it is the value of it. */
    private static Map<String, Object> definition(Section section, Map<String, Object> properties) {
        List<String> required = section.options().stream()
                .filter(Option::isRequired)
                .map(Option::name)
                .filter(name ->
                        section.key().filter(key -> key.name().equals(name)).isEmpty())
                .toList();
        Map<String, Object> definition = new LinkedHashMap<>();
        definition.put("type", "object");
        definition.put("description", section.doc());
        definition.put("properties", properties);
        definition.put("additionalProperties", false);
        if (!required.isEmpty()) {
            definition.put("required", required);
        }
        return section.shorthand().isPresent() ? anyOf(List.of(definition, Map.of("type", "string"))) : definition;
    }

    private Map<String, Object> part(PartType type) {
        String name = "part-" + type.kind();
        if (!definitions.containsKey(name)) {
            definitions.put(name, Map.of());
            List<Object> forms = new ArrayList<>();
            List<PartFactory<?>> factories = parts.ofKind(type.kind());
            forms.add(Map.of("enum", factories.stream().map(PartFactory::name).toList()));
            for (PartFactory<?> factory : factories) {
                forms.add(part(factory));
                factory.section().shorthand().ifPresent(form -> forms.add(address(factory.name(), form.expected())));
            }
            definitions.put(name, anyOf(forms));
        }
        return Map.of("$ref", "#/$defs/" + name);
    }

    /** A part that may be written as an address. */
    private static Map<String, Object> address(String scheme, String expected) {
        return Map.of("type", "string", "pattern", "^" + scheme + "://", "$comment", expected);
    }

    private Map<String, Object> part(PartFactory<?> factory) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(PartType.TYPE_KEY, Map.of("const", factory.name()));
        properties.putAll(properties(factory.section()));
        Map<String, Object> form = new LinkedHashMap<>(definition(factory.section(), properties));
        List<Object> required = new ArrayList<>(List.of(PartType.TYPE_KEY));
        factory.section().options().stream().filter(Option::isRequired).forEach(option -> required.add(option.name()));
        form.put("required", required);
        return form;
    }

    private static Map<String, Object> anyOf(List<Object> forms) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("anyOf", forms);
        return schema;
    }
}
