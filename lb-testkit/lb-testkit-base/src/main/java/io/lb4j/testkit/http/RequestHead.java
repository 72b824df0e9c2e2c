package io.lb4j.testkit.http;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The request line and the fields of a request, as they arrived.
 *
 * @param method as sent
 * @param target the request target as sent, not decoded
 * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
 * @param fields in order
 * @param raw all bytes of the head with the empty line, one character a byte (ISO 8859-1)
 */
public record RequestHead(String method, String target, String version, Fields fields, String raw) {
    private static final Pattern LINE = Pattern.compile("([^ ]+) ([\\x21-\\x7e]+) (HTTP/1\\.[01])");

    /**
     * The target up to the question mark.
     *
     * @return not decoded
     */
    public String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    static Optional<RequestHead> read(WireInput in) throws IOException {
        HeadReader reader = new HeadReader(in);
        Optional<String> line = reader.startLine();
        if (line.isEmpty()) {
            return Optional.empty();
        }
        var parts = LINE.matcher(line.get());
        if (!parts.matches() || !HeadReader.isToken(parts.group(1))) {
            throw new MalformedMessage("request line", line.get());
        }
        Fields fields = reader.fields();
        RequestHead head = new RequestHead(parts.group(1), parts.group(2), parts.group(3), fields, reader.raw());
        head.check();
        return Optional.of(head);
    }

    private void check() throws MalformedMessage {
        int hosts = fields.all("host").size();
        if (hosts > 1 || (hosts == 0 && version.equals("HTTP/1.1"))) {
            throw new MalformedMessage(hosts + " host fields", raw);
        }
        if (version.equals("HTTP/1.0") && fields.contains("transfer-encoding")) {
            throw new MalformedMessage("transfer-encoding in HTTP/1.0", raw);
        }
    }
}
