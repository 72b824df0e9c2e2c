package io.lb4j.server.admin;

import io.lb4j.config.Option;
import io.lb4j.config.ScalarType;
import io.lb4j.config.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Describes the routes as OpenAPI 3.1 does: it is made of them, so that it cannot say anything else. */
final class OpenApi {
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

    private static final Map<String, Object> CONFIGURATION = Map.of(
            "required",
            true,
            "description",
            "A configuration, as files have it.",
            "content",
            Map.<String, Object>of("application/yaml", Map.of(), "application/json", Map.of()));

    private OpenApi() {}

    static Map<String, Object> of(List<AdminRoute> routes) {
        Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
        for (AdminRoute route : routes) {
            paths.computeIfAbsent(route.template(), any -> new LinkedHashMap<>())
                    .put(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", Map.<String, Object>of("title", "lb4j administration", "version", "1"));
        document.put("paths", paths);
        document.put(
                "components",
                Map.<String, Object>of(
                        "securitySchemes",
                        Map.<String, Object>of("token", Map.<String, Object>of("type", "http", "scheme", "bearer"))));
        return document;
    }

    private static Map<String, Object> operation(AdminRoute route) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("summary", route.summary());
        List<Object> parameters = new ArrayList<>();
        Matcher variable = VARIABLE.matcher(route.template());
        while (variable.find()) {
            parameters.add(Map.<String, Object>of(
                    "name",
                    variable.group(1),
                    "in",
                    "path",
                    "required",
                    true,
                    "schema",
                    Map.<String, Object>of("type", "string")));
        }
        route.query()
                .forEach((name, says) -> parameters.add(Map.<String, Object>of(
                        "name",
                        name,
                        "in",
                        "query",
                        "description",
                        says,
                        "schema",
                        Map.<String, Object>of("type", "string"))));
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        if (route.access() == AdminRoute.Access.GUARDED) {
            operation.put("security", List.of(Map.<String, Object>of("token", List.of()), Map.of()));
        }
        route.body()
                .ifPresent(section -> operation.put(
                        "requestBody",
                        Map.<String, Object>of(
                                "required",
                                true,
                                "content",
                                Map.<String, Object>of(
                                        "application/json", Map.<String, Object>of("schema", schema(section))))));
        if (route.takesConfiguration()) {
            operation.put("requestBody", CONFIGURATION);
        }
        operation.put(
                "responses",
                Map.<String, Object>of(
                        "200",
                        Map.<String, Object>of("description", "Done."),
                        "default",
                        Map.<String, Object>of("description", "A problem, as application/problem+json has it.")));
        return operation;
    }

    private static Map<String, Object> schema(Section section) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Option<?> option : section.options()) {
            properties.put(option.name(), property(option));
            if (option.isRequired()) {
                required.add(option.name());
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", required);
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, Object> property(Option<?> option) {
        Map<String, Object> property = new LinkedHashMap<>();
        String type = option.type() instanceof ScalarType<?> scalar
                ? scalar.json().name().toLowerCase(Locale.ROOT)
                : "string";
        property.put("type", type);
        property.put("description", option.doc() + " " + option.type().expected());
        return property;
    }
}
