package io.lb4j.plugins.wasm;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Settings as JSON (RFC 8259): what guests expect of a configuration. */
final class JsonText {
    private JsonText() {}

    /** Returns a map as an object; without entries, nothing at all. */
    static byte[] octets(Map<String, ?> map) {
        if (map.isEmpty()) {
            return new byte[0];
        }
        StringBuilder out = new StringBuilder();
        write(out, map);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(StringBuilder out, Object value) {
        if (value instanceof Map<?, ?> map) {
            char separator = '{';
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                quote(out, String.valueOf(entry.getKey()));
                out.append(':');
                write(out, entry.getValue());
                separator = ',';
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            char separator = '[';
            for (Object each : list) {
                out.append(separator);
                write(out, each);
                separator = ',';
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else if (value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            quote(out, String.valueOf(value));
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
