package io.lb4j.testkit.http;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How the end of a body is known (RFC 9112 §6.3).
 *
 * @param kind by what
 * @param length in bytes, for {@link Kind#LENGTH} only
 */
record Framing(Kind kind, long length) {
    static final Framing NONE = new Framing(Kind.LENGTH, 0);
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

    enum Kind {
        LENGTH,
        CHUNKED,
        CLOSE
    }

    static Framing ofRequest(RequestHead head) throws MalformedMessage {
        Framing declared = declared(head.fields());
        return declared.kind == Kind.CLOSE ? NONE : declared;
    }

    static Framing ofResponse(String requestMethod, ResponseHead head) throws MalformedMessage {
        int status = head.status();
        boolean tunnel = requestMethod.equals("CONNECT") && status / 100 == 2;
        if (requestMethod.equals("HEAD") || status / 100 == 1 || status == 204 || status == 304 || tunnel) {
            return NONE;
        }
        return declared(head.fields());
    }

    private static Framing declared(Fields fields) throws MalformedMessage {
        List<String> lengths = fields.all("content-length");
        List<String> codings = fields.all("transfer-encoding");
        if (!codings.isEmpty()) {
            String all = String.join(", ", codings);
            if (!lengths.isEmpty()) {
                throw new MalformedMessage("content-length beside transfer-encoding", fields.toString());
            }
            if (!all.equalsIgnoreCase("chunked")) {
                throw new MalformedMessage("transfer-encoding other than chunked", all);
            }
            return new Framing(Kind.CHUNKED, 0);
        }
        if (lengths.isEmpty()) {
            return new Framing(Kind.CLOSE, 0);
        }
        String length = lengths.get(0);
        if (lengths.size() > 1 || !DIGITS.matcher(length).matches()) {
            throw new MalformedMessage("content-length is not one number", String.join(", ", lengths));
        }
        return new Framing(Kind.LENGTH, Long.parseLong(length));
    }
}
