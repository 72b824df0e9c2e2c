package io.lb4j.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The type of settings whose options only their reader knows: a map from texts to texts, whole numbers ({@link Long}), decimals
 * ({@link Double}), booleans, lists and maps of these. A scalar of a file that is not in quotation marks is read as YAML's core schema
 * has it. Immutable, and so are its values.
 */
public final class TreeType extends OptionType<Map<String, Object>> {
    private static final int MAX_DEPTH = 32;
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,18}");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?");

    TreeType() {}

    @Override
    public String expected() {
        return "a map of texts, numbers, booleans, lists and maps";
    }

    @Override
    @Nullable Object read(Node node, Scope scope) {
        if (node instanceof Node.Entries) {
            return node;
        }
        reportShape(node, scope);
        return null;
    }

    @Override
    @Nullable Map<String, Object> complete(Object raw, Origin origin, Scope scope) {
        Object value = raw instanceof Node node ? valueOf(node, origin, scope, 0) : normalized(raw, origin, scope, 0);
        if (!(value instanceof Map<?, ?> map)) {
            return null;
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        map.forEach((key, each) -> tree.put((String) key, each));
        return Collections.unmodifiableMap(tree);
    }

    private @Nullable Object valueOf(Node node, Origin origin, Scope scope, int depth) {
        if (depth > MAX_DEPTH) {
            return tooDeep(scope, origin);
        }
        if (node instanceof Node.Scalar scalar) {
            return scalar.isQuoted() ? scalar.text() : guessed(scalar.text());
        }
        if (node instanceof Node.Items items) {
            List<Object> values = new ArrayList<>();
            for (Node each : items.nodes()) {
                Object value = valueOf(each, each.origin(), scope.at(values.size()), depth + 1);
                if (value == null) {
                    return null;
                }
                values.add(value);
            }
            return List.copyOf(values);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Node.Entry entry : ((Node.Entries) node).entries()) {
            Scope place = scope.at(entry.key());
            Object value = valueOf(entry.value(), entry.origin(), place, depth + 1);
            if (value == null) {
                return null;
            }
            if (values.put(entry.key(), value) != null) {
                place.report(Fault.Code.DUPLICATE, Text.quote(entry.key()), "each key once", entry.origin());
            }
        }
        return Collections.unmodifiableMap(values);
    }

    private static Object guessed(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        if (WHOLE.matcher(text).matches()) {
            return Long.valueOf(text);
        }
        return DECIMAL.matcher(text).matches() ? (Object) Double.valueOf(text) : text;
    }

    /** Brings what a setter was given into the form that a file's values have. */
    private @Nullable Object normalized(@Nullable Object value, Origin origin, Scope scope, int depth) {
        if (depth > MAX_DEPTH) {
            return tooDeep(scope, origin);
        }
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Double || value instanceof Float) {
            return ((Number) value).doubleValue();
        }
        if (value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof List<?> list) {
            return normalizedList(list, origin, scope, depth);
        }
        if (value instanceof Map<?, ?> map && map.keySet().stream().allMatch(String.class::isInstance)) {
            return normalizedMap(map, origin, scope, depth);
        }
        scope.report(
                Fault.Code.WRONG_SHAPE,
                value == null ? "null" : "a " + value.getClass().getSimpleName(),
                expected(),
                origin);
        return null;
    }

    private @Nullable List<Object> normalizedList(List<?> list, Origin origin, Scope scope, int depth) {
        List<Object> values = new ArrayList<>();
        for (Object each : list) {
            Object value = normalized(each, origin, scope.at(values.size()), depth + 1);
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return List.copyOf(values);
    }

    private @Nullable Map<String, Object> normalizedMap(Map<?, ?> map, Origin origin, Scope scope, int depth) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = (String) entry.getKey();
            Object value = normalized(entry.getValue(), origin, scope.at(key), depth + 1);
            if (value == null) {
                return null;
            }
            values.put(key, value);
        }
        return Collections.unmodifiableMap(values);
    }

    private static @Nullable Object tooDeep(Scope scope, Origin origin) {
        scope.report(Fault.Code.WRONG_SHAPE, "a deeper tree", "at most " + MAX_DEPTH + " levels", origin);
        return null;
    }

    @Override
    Object render(Map<String, Object> value, UnaryOperator<Object> mask) {
        return value;
    }
}
