package io.lb4j.internal.proxy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;

/** How often a TRACE or OPTIONS may be forwarded (RFC 9110 §7.6.2). */
final class MaxForwards {
    private static final int MAX_DIGITS = 9; // any number of so many digits fits an int

    private MaxForwards() {}

    /**
     * Counts a hop.
     *
     * @return whether the request ends here
     * @throws ProxyException if it does, and there is no answer to it here: what a TRACE carries is shown to nobody
     */
    static boolean endsHere(RequestHead request) throws ProxyException {
        Method method = request.method();
        if (method != Method.OPTIONS && method != Method.TRACE) {
            return false;
        }
        Fields fields = request.fields();
        String value = fields.value(FieldName.MAX_FORWARDS).orElse("");
        if (value.isEmpty() || value.length() > MAX_DIGITS || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        int left = Integer.parseInt(value);
        if (left > 0) {
            fields.set(FieldName.MAX_FORWARDS, Integer.toString(left - 1));
            return false;
        }
        if (method == Method.TRACE) {
            throw new ProxyException(Kind.NOT_IMPLEMENTED, "TRACE: max-forwards 0 (expected: to be forwarded)");
        }
        return true;
    }
}
