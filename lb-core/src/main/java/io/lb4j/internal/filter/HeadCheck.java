package io.lb4j.internal.filter;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;

/** Judges what leaves a chain: what plugins have made of a head must still be one message, and the same to every parser. */
final class HeadCheck {
    private HeadCheck() {}

    /**
     * Judges a request's head.
     *
     * @param method as it came
     * @param protocol to switch to, as it came; empty for none
     */
    static void request(RequestHead head, Method method, String protocol) throws ProxyException {
        fields(head.fields());
        if (head.fields().contains(FieldName.HOST)) {
            throw unfit("host: a field (expected: the authority)");
        }
        if (head.method() != method && (hasRulesOfItsOwn(head.method()) || hasRulesOfItsOwn(method))) {
            throw unfit("method: " + head.method() + " (expected: HEAD and CONNECT neither given nor taken away)");
        }
        if (!head.protocol().orElse("").equals(protocol)) {
            throw unfit("protocol: changed (expected: \"" + protocol + "\")");
        }
    }

    /** A response's body depends on these, and the client's leg goes by the method that the client sent. */
    private static boolean hasRulesOfItsOwn(Method method) {
        return method.equals(Method.HEAD) || method.equals(Method.CONNECT);
    }

    /**
     * Judges a response's head.
     *
     * @param status as it came
     */
    static void response(ResponseHead head, int status, boolean end) throws ProxyException {
        fields(head.fields());
        int now = head.status();
        if (now != status && (now < 200 || status < 200)) {
            throw unfit("status: " + now + " (expected: " + (status < 200 ? status : "200..999") + ")");
        }
        if (now != status && !end && (now == 204 || now == 304)) {
            throw unfit("status: " + now + " with a body (expected: reply() with none)");
        }
    }

    static void trailers(Fields trailers) throws ProxyException {
        fields(trailers);
        if (trailers.contains(FieldName.CONTENT_LENGTH)
                || trailers.contains(FieldName.TRANSFER_ENCODING)
                || trailers.contains(FieldName.HOST)) {
            throw unfit("trailers: framing or host (expected: neither; RFC 9110 §6.5.1)");
        }
    }

    private static void fields(Fields fields) throws ProxyException {
        int at = fields.findUnfit();
        if (at >= 0) {
            throw unfit("field " + at + ": not fit to be sent (expected: a token, and no control character)");
        }
    }

    /** Returns what an exchange fails with whose plugins have made something that cannot be sent. */
    static ProxyException unfit(String message) {
        return new ProxyException(Kind.PLUGIN_FAILED, message);
    }
}
