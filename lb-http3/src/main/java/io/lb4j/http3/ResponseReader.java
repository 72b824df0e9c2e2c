package io.lb4j.http3;

import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.netty.handler.codec.http3.Http3Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a response's head of its field section and judges it (RFC 9114 §4.2, §4.3.2). Confined to an event loop. */
final class ResponseReader {
    private final FieldOctets field = new FieldOctets();
    private boolean statusSeen;

    /**
     * Reads a head.
     *
     * @return what is wrong with it, or null
     */
    @Nullable String read(Http3Headers headers, ResponseHead head) {
        head.version(Version.HTTP_3);
        statusSeen = false;
        for (Map.Entry<CharSequence, CharSequence> entry : headers) {
            field.take(entry.getKey(), entry.getValue());
            String fault = field.isPseudo() ? onPseudo(head) : onField(head);
            if (fault != null) {
                return fault;
            }
        }
        return statusSeen ? null : ":status: missing";
    }

    private @Nullable String onPseudo(ResponseHead head) {
        long status = field.hasName(":status") && !statusSeen ? field.decimal() : -1;
        if (status < 100 || status > 999 || status == 101) { // RFC 9114 §4.5: 101 does not exist in HTTP/3
            return field.quotedName() + ": " + field.quotedValue() + " (expected: :status, once, 100..999, not 101)";
        }
        statusSeen = true;
        head.status((int) status);
        return null;
    }

    private @Nullable String onField(ResponseHead head) {
        if (!field.isNameValid() || !field.isValueValid() || ConnectionFields.isOne(field)) {
            return "field: " + field.quotedName() + " (expected: a valid one, not of a connection)";
        }
        field.addTo(head.fields());
        return null;
    }
}
