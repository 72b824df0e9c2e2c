package io.lb4j.internal.proxy;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;

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
    /** Options of the connection itself: not for the sender to take away by them are framing, and TE, which is looked at by itself. */
    private static final Set<String> OWN_OPTIONS = Set.of(
            "close",
            "keep-alive",
            "upgrade",
            "http2-settings",
            "proxy-connection",
            "te",
            "content-length",
            "transfer-encoding");

    private static final String TRAILERS = "trailers";

    private HopByHop() {}

    /** Removes the fields that Connection names first, then those that are always hop-by-hop. */
    static void strip(Fields fields) {
        stripNamed(fields);
        for (FieldName name : ALWAYS) {
            if (fields.contains(name)) {
                fields.remove(name);
            }
        }
        if (fields.contains(FieldName.TE)) {
            keepOnlyTrailers(fields);
        }
    }

    /**
     * Removes the fields that Connection names, and their names there: what comes into these fields later is ours, and not for the sender to take
     * away. What else Connection says stays.
     */
    static void stripNamed(Fields fields) {
        if (!fields.contains(FieldName.CONNECTION) || isOfPersistenceOnly(fields)) {
            return;
        }
        StringJoiner own = new StringJoiner(", ");
        for (String value : fields.values(FieldName.CONNECTION)) {
            for (String each : value.split(",", -1)) {
                String option = each.strip().toLowerCase(Locale.ROOT);
                if (OWN_OPTIONS.contains(option)) {
                    own.add(option);
                } else {
                    stripOption(fields, option);
                }
            }
        }
        fields.remove(FieldName.CONNECTION);
        if (own.length() > 0) {
            fields.add(FieldName.CONNECTION, own.toString());
        }
    }

    /** Returns whether Connection says nothing but what nearly every message says, and so names no other field. */
    private static boolean isOfPersistenceOnly(Fields fields) {
        int at = fields.indexOf(FieldName.CONNECTION);
        return fields.indexOf(FieldName.CONNECTION, at + 1) < 0
                && (fields.valueEqualsIgnoreCaseAt(at, "keep-alive") || fields.valueEqualsIgnoreCaseAt(at, "close"));
    }

    private static void stripOption(Fields fields, String option) {
        if (option.isEmpty()) {
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
