package io.lb4j.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The type of a map from texts to values; order is kept. Immutable.
 *
 * @param <V> the values' type
 */
public final class MapType<V> extends OptionType<Map<String, V>> {
    private final String keys;
    private final ScalarType<V> value;

    MapType(String keys, ScalarType<V> value) {
        this.keys = keys;
        this.value = value;
    }

    /** Returns the values' type. */
    public ScalarType<V> value() {
        return value;
    }

    @Override
    public String expected() {
        return "a map from " + keys + " to: " + value.expected();
    }

    @Override
    @Nullable Object read(Node node, Scope scope) {
        if (!(node instanceof Node.Entries entries)) {
            reportShape(node, scope);
            return null;
        }
        Map<String, Raw> raws = new LinkedHashMap<>();
        for (Node.Entry entry : entries.entries()) {
            Object raw = value.read(entry.value(), scope.at(entry.key()));
            if (raw != null && raws.put(entry.key(), new Raw(raw, entry.origin())) != null) {
                scope.at(entry.key())
                        .report(Fault.Code.DUPLICATE, Text.quote(entry.key()), "each key once", entry.origin());
            }
        }
        return raws;
    }

    @Override
    Object raw(Map<String, V> map, Origin origin) {
        Map<String, Raw> raws = new LinkedHashMap<>();
        map.forEach((key, each) -> raws.put(key, new Raw(each, origin)));
        return raws;
    }

    @Override
    @Nullable Map<String, V> complete(Object raw, Origin origin, Scope scope) {
        Map<String, V> values = new LinkedHashMap<>();
        boolean whole = true;
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) raw).entrySet()) {
            String key = (String) entry.getKey();
            Raw each = (Raw) entry.getValue();
            V completed = value.complete(each.value(), each.origin(), scope.at(key));
            if (completed == null) {
                whole = false;
            } else {
                values.put(key, completed);
            }
        }
        return whole ? Collections.unmodifiableMap(values) : null;
    }

    @Override
    Object render(Map<String, V> map, UnaryOperator<Object> mask) {
        Map<String, Object> rendered = new LinkedHashMap<>();
        map.forEach((key, each) -> rendered.put(key, value.render(each, mask)));
        return Collections.unmodifiableMap(rendered);
    }
}
