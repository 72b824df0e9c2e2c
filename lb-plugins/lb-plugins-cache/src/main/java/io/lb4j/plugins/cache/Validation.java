package io.lb4j.plugins.cache;

import io.lb4j.http.Fields;

/** Asks an endpoint whether what is kept has changed (RFC 9111 §4.3.1). */
final class Validation {
    private static final int NOT_MODIFIED = 304;

    private Validation() {}

    /** Puts the conditions of what is kept in the place of the client's own, where there are any. */
    static void ask(Fields request, Stored found) {
        if (!found.hasValidator()) {
            return;
        }
        request.remove(Names.IF_NONE_MATCH);
        request.remove(Names.IF_MODIFIED_SINCE);
        found.etag().ifPresent(etag -> request.add(Names.IF_NONE_MATCH, etag));
        found.lastModified().ifPresent(date -> request.add(Names.IF_MODIFIED_SINCE, date));
    }

    /** Returns whether a response says that what is kept has not changed. */
    static boolean isConfirmed(Stored found, int status) {
        return status == NOT_MODIFIED && found.hasValidator();
    }
}
