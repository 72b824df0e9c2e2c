package io.lb4j.http3;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.util.AsciiString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Field sections as they go onto the wire and, for trailers, as they come from it (RFC 9114 §4.2). */
final class FieldSections {
    private FieldSections() {}

    /**
     * Makes the section of a response.
     *
     * @param status the one for the wire
     */
    static Http3Headers response(ResponseHead head, int status, boolean tunnel) {
        Fields fields = head.fields();
        Http3Headers headers = new DefaultHttp3Headers(false, Math.max(fields.size() + 1, 4));
        headers.status(AsciiString.of(Integer.toString(status)));
        addAll(headers, fields, tunnel);
        return headers;
    }

    /** Makes the section of a request: an extended CONNECT where it asks for a protocol (RFC 9220). */
    static Http3Headers request(RequestHead head) {
        Fields fields = head.fields();
        Http3Headers headers = new DefaultHttp3Headers(false, Math.max(fields.size() + 4, 8));
        boolean upgrade = head.isUpgrade();
        headers.method(
                AsciiString.of(upgrade ? Method.CONNECT.name() : head.method().name()));
        if (upgrade || !head.method().equals(Method.CONNECT)) {
            headers.scheme(AsciiString.of(head.scheme()));
            headers.path(AsciiString.of(head.target()));
        }
        if (!head.authority().isEmpty()) {
            headers.authority(AsciiString.of(head.authority()));
        }
        head.protocol().ifPresent(protocol -> headers.add(Http3Headers.PseudoHeaderName.PROTOCOL.value(), protocol));
        addAll(headers, fields, upgrade);
        headers.remove(FieldName.HOST.toString()); // said by :authority
        return headers;
    }

    /** Makes the section of trailers. */
    static Http3Headers trailers(Fields fields) {
        Http3Headers headers = new DefaultHttp3Headers(false, Math.max(fields.size(), 2));
        addAll(headers, fields, false);
        return headers;
    }

    private static void addAll(Http3Headers headers, Fields fields, boolean tunnel) {
        for (int i = 0, size = fields.size(); i < size; i++) {
            if (ConnectionFields.isSent(fields, i, tunnel)) {
                int nameLength = fields.nameLengthAt(i);
                int valueLength = fields.valueLengthAt(i);
                byte[] octets = new byte[nameLength + valueLength];
                fields.copyFieldAt(i, octets, 0);
                headers.add(
                        new AsciiString(octets, 0, nameLength, false),
                        new AsciiString(octets, nameLength, valueLength, false));
            }
        }
    }

    /**
     * Reads trailers.
     *
     * @return what is wrong with them, or null
     */
    static @Nullable String readTrailers(Http3Headers headers, Fields trailers, FieldOctets field) {
        for (Map.Entry<CharSequence, CharSequence> entry : headers) {
            field.take(entry.getKey(), entry.getValue());
            if (!field.isNameValid() || !field.isValueValid() || ConnectionFields.isOne(field)) {
                return "trailer: " + field.quotedName() + " (expected: a valid field that may stand there)";
            }
            // RFC 9110 §6.5.1: what frames or routes a message has no meaning behind it
            if (!field.hasName("content-length") && !field.hasName("host") && !field.hasName("te")) {
                field.addTo(trailers);
            }
        }
        return null;
    }
}
