package io.lb4j.internal.proxy;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import java.util.Locale;

/** Removes the fields that are meant for one connection only (RFC 9110 §7.6.1). */
final class HopByHop {
    private static final FieldName[] ALWAYS = {
        FieldName.CONNECTION,
        FieldName.KEEP_ALIVE,
        FieldName.PROXY_CONNECTION,
        FieldName.PROXY_AUTHENTICATE,
        FieldName.PROXY_AUTHORIZATION,
        FieldName.UPGRADE,
        FieldName.HTTP2_SETTINGS,
        FieldName.TRANSFER_ENCODING,
    };
    private static final String TRAILERS = "trailers";

    private HopByHop() {}

    /** Removes the fields that Connection names first, then those that are always hop-by-hop. */
    static void strip(Fields fields) {
        if (fields.contains(FieldName.CONNECTION) && !isOfPersistenceOnly(fields)) {
            stripNamed(fields);
        }
        for (FieldName name : ALWAYS) {
            if (fields.contains(name)) {
                fields.remove(name);
            }
        }
        if (fields.contains(FieldName.TE)) {
            keepOnlyTrailers(fields);
        }
    }

    /** Returns whether Connection says nothing but what nearly every message says, and so names no other field. */
    private static boolean isOfPersistenceOnly(Fields fields) {
        int at = fields.indexOf(FieldName.CONNECTION);
        return fields.indexOf(FieldName.CONNECTION, at + 1) < 0
                && (fields.valueEqualsIgnoreCaseAt(at, "keep-alive") || fields.valueEqualsIgnoreCaseAt(at, "close"));
    }

    private static void stripNamed(Fields fields) {
        for (String value : fields.values(FieldName.CONNECTION)) {
            for (String option : value.split(",", -1)) {
                stripOption(fields, option.strip().toLowerCase(Locale.ROOT));
            }
        }
    }

    private static void stripOption(Fields fields, String option) {
        // Framing is not for the sender to take away; TE is looked at below.
        if (option.isEmpty() || option.equals("content-length") || option.equals("te") || option.equals("close")) {
            return;
        }
        try {
            fields.remove(FieldName.of(option));
        } catch (IllegalArgumentException notAToken) {
            // An option that is no token names no field: there is nothing to remove.
            return;
        }
    }

    /** RFC 9110 §10.1.4: an intermediary forwards of TE what it honours itself, which is {@code trailers}. */
    private static void keepOnlyTrailers(Fields fields) {
        boolean wanted = false;
        for (String value : fields.values(FieldName.TE)) {
            for (String coding : value.split(",", -1)) {
                wanted |= coding.strip().equalsIgnoreCase(TRAILERS);
            }
        }
        fields.remove(FieldName.TE);
        if (wanted) {
            fields.add(FieldName.TE, TRAILERS);
        }
    }
}
