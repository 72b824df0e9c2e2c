package io.lb4j.testkit.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads start lines and field sections with all the strictness of RFC 9112: what is doubtful is malformed. */
final class HeadReader {
    private static final int LINE_BOUND = 1 << 20;
    private static final int LINES_BOUND = 20_000;
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    // RFC 9110 §5.5: visible characters, obs-text, space and tab.
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

    private final WireInput in;
    private final StringBuilder raw = new StringBuilder();

    HeadReader(WireInput in) {
        this.in = in;
    }

    /** Reads the next start line; empty if the connection ended cleanly before it. */
    Optional<String> startLine() throws IOException {
        try {
            return Optional.of(line());
        } catch (WireInput.Truncated e) {
            if (e.received().length == 0) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Reads field lines up to and including the empty line. */
    Fields fields() throws IOException {
        List<Fields.Field> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (fields.size() == LINES_BOUND) {
                throw new MalformedMessage("more than " + LINES_BOUND + " fields", line);
            }
            fields.add(field(line));
        }
        return new Fields(fields);
    }

    /** Everything read so far, one character a byte. */
    String raw() {
        return raw.toString();
    }

    static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    private String line() throws IOException {
        String line = new String(in.readUntil("\n", LINE_BOUND), StandardCharsets.ISO_8859_1);
        raw.append(line);
        if (!line.endsWith("\r\n")) {
            throw new MalformedMessage("line ends with a bare LF", line);
        }
        String content = line.substring(0, line.length() - 2);
        if (content.indexOf('\r') >= 0) {
            throw new MalformedMessage("bare CR", line);
        }
        return content;
    }

    private static Fields.Field field(String line) throws MalformedMessage {
        if (line.startsWith(" ") || line.startsWith("\t")) {
            throw new MalformedMessage("obsolete line folding", line);
        }
        int colon = line.indexOf(':');
        if (colon < 0 || !isToken(line.substring(0, colon))) {
            throw new MalformedMessage("field name is no token", line);
        }
        String value = line.substring(colon + 1);
        if (!VALUE.matcher(value).matches()) {
            throw new MalformedMessage("control character in a field value", line);
        }
        return new Fields.Field(line.substring(0, colon), value.strip());
    }
}
