package io.lb4j.testkit.http;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The status line and the fields of a response, as they arrived.
 *
 * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
 * @param status from 100 to 999
 * @param reason may be empty
 * @param fields in order
 * @param raw all bytes of the head with the empty line, one character a byte (ISO 8859-1)
 */
public record ResponseHead(String version, int status, String reason, Fields fields, String raw) {
    private static final Pattern LINE =
            Pattern.compile("(HTTP/1\\.[01]) ([1-9][0-9]{2}) ([\\t\\x20-\\x7e\\x80-\\xff]*)");

    boolean isFinal() {
        return status >= 200 || status == 101;
    }

    static Optional<ResponseHead> read(WireInput in) throws IOException {
        HeadReader reader = new HeadReader(in);
        Optional<String> line = reader.startLine();
        if (line.isEmpty()) {
            return Optional.empty();
        }
        var parts = LINE.matcher(line.get());
        if (!parts.matches()) {
            throw new MalformedMessage("status line", line.get());
        }
        Fields fields = reader.fields();
        int status = Integer.parseInt(parts.group(2));
        return Optional.of(new ResponseHead(parts.group(1), status, parts.group(3), fields, reader.raw()));
    }
}
