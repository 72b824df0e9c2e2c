package io.lb4j.server.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lb4j.stats.Distribution;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes trees as JSON, and makes trees of records: components in snake case, {@code isStale} as {@code stale}, durations in seconds, times as ISO 8601 has them, and what is
 * not there left out, as are distributions, of which percentiles tell.
 */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final double NANOS = 1e9;

    private Json() {}

    /** Writes a tree of texts, numbers, booleans, lists and maps, with a line feed at its end. */
    public static String write(Object tree) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            write(tree, json);
        } catch (IOException e) {
            throw new UncheckedIOException("a text cannot fail to be written", e);
        }
        return text.append('\n').toString();
    }

    private static void write(Object tree, JsonGenerator json) throws IOException {
        if (tree instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(entry.getValue(), json);
            }
            json.writeEndObject();
        } else if (tree instanceof Collection<?> list) {
            json.writeStartArray();
            for (Object each : list) {
                write(each, json);
            }
            json.writeEndArray();
        } else if (tree instanceof Long || tree instanceof Integer) {
            json.writeNumber(((Number) tree).longValue());
        } else if (tree instanceof Number number) {
            json.writeNumber(number.doubleValue());
        } else if (tree instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else {
            json.writeString(String.valueOf(tree));
        }
    }

    /** Returns a record, or whatever records are made of, as a tree. */
    public static Object tree(Object value) {
        if (value instanceof Record whole) {
            Map<String, Object> tree = new LinkedHashMap<>();
            for (RecordComponent component : whole.getClass().getRecordComponents()) {
                put(tree, nameOf(component), valueOf(component, whole));
            }
            return tree;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> tree = new TreeMap<>();
            map.forEach((key, each) -> put(tree, String.valueOf(key), each));
            return tree;
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(Json::tree).toList();
        }
        if (value instanceof Duration duration) {
            return duration.toNanos() / NANOS;
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        boolean isPlain = value instanceof Number || value instanceof Boolean || value instanceof Instant;
        return isPlain ? value : String.valueOf(value);
    }

    private static void put(Map<String, Object> tree, String name, Object value) {
        if (value instanceof Optional<?> optional) {
            optional.ifPresent(present -> tree.put(name, tree(present)));
        } else if (!(value instanceof Distribution)) {
            tree.put(name, tree(value));
        }
    }

    private static Object valueOf(RecordComponent component, Record whole) {
        try {
            return component.getAccessor().invoke(whole);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " (expected: a component of a public record)", e);
        }
    }

    private static String nameOf(RecordComponent component) {
        String name = component.getName().replaceFirst("^is(?=[A-Z])", "");
        return name.replaceAll("(?<=[a-z0-9])([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
