package io.lb4j.plugins.log;

import java.util.List;
import java.util.Optional;

/**
 * A line of JSON (RFC 8259): one object, with a member for each field that has a value.
 *
 * @param fields in order
 */
record JsonLine(List<LogField> fields) implements LogLine {
    private static final String HEX = "0123456789abcdef";

    JsonLine {
        fields = List.copyOf(fields);
    }

    @Override
    public String of(LogField.Entry entry) {
        StringBuilder line = new StringBuilder(512).append('{');
        for (LogField field : fields) {
            Optional<?> value = field.source().value(entry);
            if (value.isPresent()) {
                line.append(line.length() > 1 ? "," : "");
                quote(field.name(), line);
                line.append(':');
                if (value.get() instanceof String text) {
                    quote(text, line);
                } else {
                    line.append(value.get());
                }
            }
        }
        return line.append('}').toString();
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029') {
                out.append("\\u")
                        .append(HEX.charAt(c >> 12))
                        .append(HEX.charAt(c >> 8 & 15))
                        .append(HEX.charAt(c >> 4 & 15))
                        .append(HEX.charAt(c & 15));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
