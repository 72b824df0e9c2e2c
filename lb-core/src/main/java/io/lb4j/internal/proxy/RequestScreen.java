package io.lb4j.internal.proxy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;

/** Refuses what is not served here, and bodies that are larger than their listener allows, whatever protocol a request came by. */
final class RequestScreen {
    private static final int MAX_DIGITS = 18; // any number of so many digits fits a long

    private RequestScreen() {}

    /** Judges a head. */
    static void requireServed(RequestHead request, long maxBody) throws ProxyException {
        if (request.isUpgrade()) {
            return;
        }
        if (request.method().equals(Method.CONNECT)) {
            throw new ProxyException(Kind.NOT_IMPLEMENTED, "method: CONNECT (expected: one that is served here)");
        }
        if (maxBody < Long.MAX_VALUE && declaredOctets(request) > maxBody) {
            throw tooLarge(maxBody);
        }
    }

    /** Judges how much has come of a body. */
    static void requireAllowed(RequestHead request, long octets, long maxBody) throws ProxyException {
        if (octets > maxBody && !request.isUpgrade()) {
            throw tooLarge(maxBody);
        }
    }

    /** Returns what content-length says; 0 where it says nothing that can be read: then the octets that come are counted. */
    private static long declaredOctets(RequestHead request) {
        int at = request.fields().indexOf(FieldName.CONTENT_LENGTH);
        int digits = at < 0 ? 0 : request.fields().valueLengthAt(at);
        long octets = 0;
        for (int i = 0; i < digits; i++) {
            byte digit = request.fields().valueOctetAt(at, i);
            if (digit < '0' || digit > '9' || digits > MAX_DIGITS) {
                return 0;
            }
            octets = octets * 10 + (digit - '0');
        }
        return octets;
    }

    private static ProxyException tooLarge(long maxBody) {
        return new ProxyException(Kind.BODY_TOO_LARGE, "body: more than " + maxBody + " octets (the limit)");
    }
}
